import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

let company: TestService
beforeAll(async () => {
  const everybody = Array.from({ length: 700 }, (_, index) =>
    entry(`u${index}`, index + 1, { telephoneNumber: String(1000 + index) }),
  )
  company = await startTestService({ ldif: everybody.join('') })
})
afterAll(() => company[Symbol.asyncDispose]())

/** Sends just these bytes, whatever they are. */
function send(
  path: string,
  body: string | Buffer,
  method = 'POST',
): Promise<[status: number | undefined, body: string]> {
  return new Promise((resolve, reject) => {
    const { port } = company.service.pbx
    const asked = request({ port, host: '127.0.0.1', path, method }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve([response.statusCode, text]))
    })
    asked.on('error', reject).end(body)
  })
}

describe('whatever is asked, the answer is 200 and never an error page', () => {
  test.each([
    ['an unknown family', '/realtime/nonsense/single', 'id=501', ''],
    ['an unknown verb', '/realtime/ps_endpoints/nonsense', 'id=501', ''],
    ['a family that is not ours', '/realtime/ps_registrations/multi', 'id%20LIKE=%25', ''],
    ['a body of nonsense', '/realtime/ps_endpoints/single', '%%%&&&==\u0000<html>', ''],
    ['bytes that are no text', '/realtime/ps_endpoints/single', Buffer.from([0xff, 0xfe, 0]), ''],
    ['a body far too long', '/realtime/ps_endpoints/single', 'x'.repeat(2_000_000), ''],
    ['a write to a read-only family', '/realtime/ps_endpoints/update?id=1001', 'context=x', '0'],
    ['a store without an id', '/realtime/ps_contacts/store', '', '0'],
    ['a destroy of nothing', '/realtime/ps_contacts/destroy', '', '0'],
    ['an update of an unknown family', '/realtime/nonsense/update?id=1', 'a=b', '0'],
    ['a question about columns', '/realtime/sipregs/require', 'name=char%3A10', '0'],
    ['a path with a broken escape', '/realtime/%zz/single', 'id=1', ''],
  ])('%s', async (_, path, body, answer) => expect(await send(path, body)).toEqual([200, answer]))

  test('a configuration file', async () => {
    expect(await send('/realtime/queues/static?file=queues.conf', '', 'GET')).toEqual([200, ''])
  })
})

test('a question of several megabytes is followed by an ordinary answer', async () => {
  await send('/realtime/ps_endpoints/single', 'x'.repeat(2_000_000))
  expect(await company.ask('ps_endpoints/single', 'id=1001')).toMatch(/^id=1001&/)
})

test('single gives one line, multi every row, and a long list is whole', async () => {
  expect(await company.ask('ps_aors/single', 'id=1001')).toMatch(/^id=1001&[^\r\n]*\r\n$/)
  const list = (await company.ask('ps_aors/multi', 'id%20LIKE=%25')).trimEnd().split('\r\n')
  const ids = list.map((line) => /^id=(\d+)&/.exec(line)?.[1])
  expect(new Set(ids).size).toBe(700)
  expect(ids).toContain('1699')
})

test('a question about a column that no row has is answered with nothing', async () => {
  expect(await company.ask('ps_aors/multi', 'contact%20!%3D=')).toBe('')
  expect(await company.ask('ps_endpoints/multi', 'mailboxes%20!%3D=')).toBe('')
})

test('all conditions must hold', async () => {
  expect(await company.ask('ps_aors/multi', 'id=1001&max_contacts=2')).toMatch(/^id=1001/)
  expect(await company.ask('ps_aors/multi', 'id=1001&max_contacts=9')).toBe('')
})

test('with a token only Asterisk is answered', async () => {
  const token = 'a-token-for-the-pbx'
  await using guarded = await startTestService({
    ldif: entry('zoe', 1, { telephoneNumber: '501' }),
    listen: `pbxToken: ${token}`,
  })
  const url = `http://127.0.0.1:${guarded.service.pbx.port}/realtime/ps_auths/single`
  const ask = async (authorization?: string) => {
    const headers = authorization === undefined ? undefined : { authorization }
    return (
      await fetch(url, { method: 'POST', body: 'id=501', ...(headers ? { headers } : {}) })
    ).text()
  }
  expect(await ask()).toBe('')
  expect(await ask('Bearer another')).toBe('')
  expect(await ask(`Bearer ${token}`)).toMatch(/password=/)
  expect(await ask(`Basic ${btoa(`asterisk:${token}`)}`)).toMatch(/password=/)
})
