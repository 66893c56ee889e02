import { describe, expect, test } from 'vitest'
import { givenPbxUrl, pbxUrl } from '../../src/http/pbx-url.ts'
import { makeCertificates } from '../rig/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const near = '127.0.0.1'
const far = '10.0.0.9'
const on = (...pbx: string[]) => ({ pbx, web: '127.0.0.1:8080' })

describe('where Asterisk asks', () => {
  test.each([
    [['127.0.0.1:8070'], near, 'http://127.0.0.1:8070'],
    [['0.0.0.0:8070'], near, 'http://127.0.0.1:8070'],
    [['10.0.0.5:8071', '127.0.0.1:8070'], near, 'http://127.0.0.1:8070'],
    [['10.0.0.5:8071', '127.0.0.1:8070'], far, 'http://10.0.0.5:8071'],
    [['10.0.0.5:8071'], near, 'http://10.0.0.5:8071'],
    [['[fd00::5]:8070'], far, 'http://[fd00::5]:8070'],
    [['peerage.example:8070'], far, 'http://peerage.example:8070'],
  ])('with listen.pbx %j, from %s: %s', (pbx, machine, url) => {
    expect(pbxUrl(on(...pbx), machine)).toBe(url)
  })

  test.each([
    [['0.0.0.0:8070'], far, /all addresses .* --url http:\/\/NAME:8070/],
    [['127.0.0.1:8070'], far, /on loopback, where 10\.0\.0\.9 cannot reach it/],
    [['127.0.0.1:0'], near, /any free port; name one/],
  ])(
    'with listen.pbx %j, from %s nobody knows, and the remedy is named',
    (pbx, machine, message) => {
      expect(() => pbxUrl(on(...pbx), machine)).toThrow(message)
    },
  )

  test('over TLS it is a name of the certificate', async () => {
    await using folder = await temporaryFolder()
    const pbxTls = await makeCertificates(folder.path, ['peerage.example', '10.0.0.5'])
    const url = (pbx: string) => pbxUrl({ ...on(pbx), pbxTls }, far)
    expect(url('10.0.0.5:8070')).toBe('https://10.0.0.5:8070')
    expect(url('peerage.example:8070')).toBe('https://peerage.example:8070')
    expect(() => url('10.0.0.6:8070')).toThrow(/not for 10\.0\.0\.6 but for DNS:peerage\.example/)
  })
})

test('an address that is given must fit what is listened for', () => {
  const plain = on('0.0.0.0:8070')
  expect(givenPbxUrl('http://peerage.example:8070/', plain)).toBe('http://peerage.example:8070')
  for (const wrong of [
    'https://peerage.example',
    'peerage.example:8070',
    'http://a/b',
    'http://a,b',
  ]) {
    expect(() => givenPbxUrl(wrong, plain)).toThrow(/is not where Asterisk can ask; expected http:/)
  }
})
