import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

const ldif = [
  entry('zoe', 1, {
    cn: 'Zoë <Müller> & "Sons"',
    givenName: 'Zoë',
    sn: 'Müller',
    telephoneNumber: '+49 30 2312 501',
    mobile: '0170 3920018',
    o: 'Nord & Licht',
    preferredLanguage: 'de',
  }),
].join('')
const yaml = 'calls: { trunks: { provider: { in: ["9 -> "] } } }'

let company: TestService
beforeAll(async () => void (company = await startTestService({ ldif, yaml })))
afterAll(() => company[Symbol.asyncDispose]())

async function ask(query: string, headers: Readonly<Record<string, string>> = {}, at = company) {
  const answer = await fetch(`http://127.0.0.1:${at.service.web.port}/lookup${query}`, { headers })
  const type = answer.headers.get('content-type')?.split(';')[0]
  return { status: answer.status, type, text: await answer.text() }
}

describe('one line of text', () => {
  test.each([
    'number=01703920018',
    'number=%2B491703920018',
    'number=+491703920018',
    'number=sip:%2B491703920018@host;user=phone',
    'number=901703920018&trunk=provider',
    'number=501',
    'token=not-wanted&number=501',
  ])('for %s', async (query) => {
    const { status, type, text } = await ask(`?format=text&${query}`)
    expect([status, type, text]).toEqual([200, 'text/plain', "Zoë Müller & 'Sons'"])
  })

  test.each([
    'number=0999',
    'number=',
    'number=anonymous',
    'number=501&trunk=provider',
    `number=${'9'.repeat(300)}`,
    'number=%00',
    'number=%ff%fe',
    'number=%F0%9F%93%9E',
    'number=${SHELL(id)}',
    'number=1&number=2',
    'number[]=1',
    '',
  ])('that is empty for %s', async (query) => {
    const { status, text } = await ask(`?format=text&${query}`)
    expect([status, text]).toEqual([200, ''])
  })
})

test('JSON is flat, for templates of other systems', async () => {
  const { type, text } = await ask('?number=01703920018')
  expect(type).toBe('application/json')
  expect(JSON.parse(text)).toMatchObject({
    name: "Zoë Müller & 'Sons'",
    match: 'number',
    number: '+491703920018',
    kind: 'mobile',
    organisation: 'Nord & Licht',
    firstName: 'Zoë',
    lastName: 'Müller',
    business: '+49302312501',
    mobile: '+491703920018',
    extension: '501',
    language: 'de',
  })
  expect(JSON.parse((await ask('?number=0999999')).text)).not.toHaveProperty('name')
})

test('XML is well-formed whatever the directory holds', async () => {
  const { type, text } = await ask('?number=501&format=xml')
  expect(type).toBe('application/xml')
  expect(text).toContain("<name>Zoë Müller &amp; 'Sons'</name>")
  expect(text).toContain('<organisation>Nord &amp; Licht</organisation>')
  expect(text.replaceAll(/<(\w+)>[^<>&]*(?:&amp;[^<>&]*)*<\/\1>/g, '')).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<caller><\/caller>\n$/,
  )
})

test('the shape of innovaphone has lists of numbers, and is empty for nobody', async () => {
  const { text } = await ask('?number=501&format=innovaphone')
  expect(JSON.parse(text)).toMatchObject({
    mt: 'LookupInfo',
    dn: "Zoë Müller & 'Sons'",
    contact: { extension: ['501'], sn: 'Müller', givenname: 'Zoë', mobile: ['+491703920018'] },
  })
  expect((await ask('?number=0999999&format=innovaphone')).text).toBe('{}')
})

describe('who may ask', () => {
  const token = 'only-for-looking-up'

  test('is who shows the token, in any of three ways', async () => {
    await using guarded = await startTestService({ ldif, yaml: `lookup: { token: ${token} }` })
    const basic = Buffer.from(`3cx:${token}`).toString('base64')
    const query = '?number=501&format=text'
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${basic}` },
    ]) {
      expect((await ask(query, headers, guarded)).text).toContain('Zoë')
    }
    expect((await ask(`${query}&token=${token}`, {}, guarded)).text).toContain('Zoë')
    const wrong = { authorization: 'Bearer something-else-altogether' }
    expect(await ask(query, wrong, guarded)).toMatchObject({ status: 403, text: '' })
    expect(await ask(`${query}&token=&token=x`, {}, guarded)).toMatchObject({
      status: 403,
      text: '',
    })
    expect(await ask(query, {}, guarded)).toMatchObject({ status: 403, text: '' })
    const api = await fetch(`http://127.0.0.1:${guarded.service.web.port}/api/runs`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(api.status).toBe(401)
  })

  test('is in one of the networks', async () => {
    const yaml = 'lookup: { from: ["127.0.0.2", "10.0.0.0/8"] }'
    await using guarded = await startTestService({ ldif, yaml })
    const { port } = guarded.service.web
    const from = (localAddress: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { host: '127.0.0.1', port, path: '/lookup?number=501', localAddress }
        get(options, (answer) => resolve(answer.resume().statusCode)).on('error', reject)
      })
    expect([await from('127.0.0.1'), await from('127.0.0.2')]).toEqual([403, 200])
  })
})
