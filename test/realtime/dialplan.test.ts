import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'

const ldif = [
  entry('zoe', 1, { telephoneNumber: '+49 30 2312 501', mail: 'zoe@example.org' }),
  entry('bob', 2, { telephoneNumber: '502', facsimileTelephoneNumber: '+49 30 2312 570' }),
  entry('eve', 3, { telephoneNumber: '503', facsimileTelephoneNumber: '+49 30 2312 570' }),
  entry('gone', 4, {
    telephoneNumber: '504',
    facsimileTelephoneNumber: '+49 30 2312 570',
    pwdAccountLockedTime: '000001010000Z',
  }),
].join('')
const source = 'map: { did: [telephoneNumber, facsimileTelephoneNumber], aliases: [mail, uid] }'

let company: TestService
beforeAll(async () => void (company = await startTestService({ ldif, source })))
afterAll(() => company[Symbol.asyncDispose]())

async function dial(context: string, exten: string): Promise<string | undefined> {
  const body = `exten=${encodeURIComponent(exten)}&priority=1&context=${context}`
  const fields = Object.fromEntries(
    decodePairs((await company.ask('extensions/single', body)).trim()),
  )
  if (fields['exten'] === undefined) return undefined
  expect(fields).toMatchObject({ context, exten, priority: '1', app: 'Gosub' })
  return fields['appdata']
}

describe('inside', () => {
  test.each([
    ['502', 'peerage-ring,s,1(502,502@default,30)'],
    ['zoe', 'peerage-ring,s,1(501,501@default,30)'],
    ['zoe@example.org', 'peerage-ring,s,1(501,501@default,30)'],
    ['ZOE', 'peerage-ring,s,1(501,501@default,30)'],
    ['504', undefined],
    ['599', undefined],
    ['h', undefined],
    ['+49302312501', undefined],
    ['${EVIL}', undefined],
  ])('%s', async (exten, expected) => expect(await dial('internal', exten)).toBe(expected))
})

describe('from a trunk a number is understood in every usual spelling', () => {
  test.each([
    '+49302312501',
    '0049302312501',
    '49302312501',
    '0302312501',
    '302312501',
    '049302312501',
  ])('%s', async (exten) => {
    expect(await dial('from-trunk', exten)).toBe('peerage-ring,s,1(501,501@default,30)')
  })

  test('a shared number rings everybody who shares it and may be called', async () => {
    expect(await dial('from-trunk', '+49302312570')).toBe('peerage-ring,s,1(502&503,,30)')
  })

  test('a number of the own range that nobody wrote down belongs to the extension behind it', async () => {
    expect(await dial('from-trunk', '+49302312502')).toBe('peerage-ring,s,1(502,502@default,30)')
  })

  test('a number of nobody is nothing, an alias does not work from outside', async () => {
    expect(await dial('from-trunk', '+49302312599')).toBeUndefined()
    expect(await dial('from-trunk', 'zoe')).toBeUndefined()
  })
})

test('there are no patterns, no second priority, and other contexts are not ours', async () => {
  const pattern = 'exten%20LIKE=%5C_%25&priority=1&context=internal'
  expect(await company.ask('extensions/multi', pattern)).toBe('')
  expect(await company.ask('extensions/single', 'exten=502&priority=2&context=internal')).toBe('')
  expect(await dial('default', '502')).toBeUndefined()
})

test('a longer number that may follow is found, if its owner may be called', async () => {
  const like = (digits: string) =>
    company.ask('extensions/single', `exten%20LIKE=${digits}%25&priority=1&context=internal`)
  expect(await like('50')).toContain('exten=501')
  expect(await like('504')).toBe('')
  expect(await like('59')).toBe('')
})
