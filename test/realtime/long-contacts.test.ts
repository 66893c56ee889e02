import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

let company: TestService
beforeAll(async () => {
  company = await startTestService({ ldif: entry('zoe', 1, { telephoneNumber: '501' }) })
})
afterAll(() => company[Symbol.asyncDispose]())

/** As res_config_curl.c encodes into 256 bytes: no escape is begun that would not fit. */
function cut(text: string): string {
  let sent = ''
  for (const one of encodeURIComponent(text).match(/%..|./g) ?? []) {
    if (sent.length >= (one.length === 1 ? 255 : 253)) break
    sent += one
  }
  return sent
}

const idFor = (uri: string) => `501%3B%40${createHash('md5').update(uri).digest('hex')}`
const stored = async () => company.ask('ps_contacts/multi', 'id%20LIKE=501%3B%40%25')

/** `sip:501@host;x=aaa…` of so many characters when it is encoded. */
function uriOf(encodedLength: number, filler = 'a'): string {
  const start = 'sip:501@phone.example;pn-prid='
  const room = encodedLength - encodeURIComponent(start).length
  return start + filler.repeat(Math.ceil(room / encodeURIComponent(filler).length))
}

describe('a contact that is too long for Asterisk to send', () => {
  test.for([256, 257, 300, 2000])(
    'is not kept with half its URI (%i characters)',
    async (length) => {
      const uri = uriOf(length)
      const body = `id=${idFor(uri)}&uri=${cut(uri)}&path=`
      expect(await company.ask('ps_contacts/store', body)).toBe('0')
      expect(await company.ask(`ps_contacts/update?id=${idFor(uri)}`, `uri=${cut(uri)}`)).toBe('0')
      expect(await stored()).toBe('')
    },
  )

  test.for(['ü', '€', ';', '/'])(
    'is not kept when it is cut beside an escape (%s)',
    async (filler) => {
      for (let more = 256; more < 270; more++) {
        const uri = uriOf(more, filler)
        expect(await company.ask('ps_contacts/store', `id=${idFor(uri)}&uri=${cut(uri)}`)).toBe('0')
      }
      expect(await stored()).toBe('')
    },
  )

  test('is not kept when its path was cut', async () => {
    const uri = 'sip:501@127.0.0.1:5071'
    const path = cut(`<sip:edge.example;lr;${'b'.repeat(300)}>`)
    expect(
      await company.ask('ps_contacts/store', `id=${idFor(uri)}&uri=${cut(uri)}&path=${path}`),
    ).toBe('0')
    expect(await stored()).toBe('')
  })
})

test.for([200, 252, 253, 254, 255])(
  'a contact that just fits is kept (%i characters)',
  async (length) => {
    const uri = uriOf(length)
    expect(encodeURIComponent(uri)).toHaveLength(length)
    expect(cut(uri)).toBe(encodeURIComponent(uri))
    expect(await company.ask('ps_contacts/store', `id=${idFor(uri)}&uri=${cut(uri)}&path=`)).toBe(
      '1',
    )
    expect(await stored()).toContain(`uri=${encodeURIComponent(uri)}`)
    expect(await company.ask('ps_contacts/destroy', `id=${idFor(uri)}&`)).toBe('1')
  },
)
