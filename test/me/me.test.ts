import { expect, test } from 'vitest'
import { bob, everybody, signIn, startCompany } from '../auth/company.ts'
import { entry } from '../support/service.ts'
import { visit } from '../page/page-visit.ts'

const bobId = 'company/00000000-0000-4000-8000-000000000002'
const sip = 'me: { sipServer: pbx.example.org, renewSecret: true }'

/** `login` of the usual company, with options of `me`. */
const login = (me: string) => ({ yaml: `login: { mode: none, refusalMs: 0 }\n${me}` })

test('somebody sees his numbers, what colleagues see of him, his mailbox and telephones', async () => {
  const ldif = everybody.replace(bob, '') + bobWith({ mobile: '0170 3920018', mail: 'b@e.org' })
  await using company = await startCompany('', { ldif, ...login(sip) })
  await company.ask(
    'ps_contacts/store',
    'id=502;@1&uri=sip:502@192.0.2.7:5060&user_agent=Yealink SIP-T46U 108.86.0.20&endpoint=502',
  )
  const page = await visit(company, 'bob', '9502')
  const html = await page.html('/me')
  expect(html).toContain('<h1>Bob</h1><span class="badge good num">502</span>')
  expect(html).toContain('+49302312502')
  expect(html).toContain('+491703920018')
  expect(html).toContain('192.0.2.7:5060')
  expect(html).toContain('are recorded under <b class="num">502</b>')
  const german = await page.get('/me', { 'accept-language': 'de' })
  expect(await german.text()).toContain('Was Kolleginnen und Kollegen von Ihnen sehen')
})

test('whoever lost his extension to somebody else gets neither that account nor its calls', async () => {
  const late = entry('late', 4, { cn: 'Late', telephoneNumber: '502' })
  await using company = await startCompany('', { ldif: everybody, ...login(sip) })
  await company.change(everybody + late)
  const { secrets } = company.service.state
  await secrets.choose('company/00000000-0000-4000-8000-000000000004', 'pin', '90504')
  const page = await visit(company, 'late', '90504')
  const html = await page.html('/me')
  expect(html).toContain('You have no extension of your own.')
  expect(html).not.toContain('/me/telephone')
  expect((await page.post('/me/telephone')).status).toBe(404)
  expect((await page.post('/me/call', { to: '501' })).status).toBe(409)
})

test('a chosen PIN is kept, for the mailbox too, and a poor one is refused in words', async () => {
  await using company = await startCompany('', login(sip))
  const { secrets } = company.service.state
  await secrets.choose(bobId, 'voicemailPin', '7777')
  const page = await visit(company, 'bob', '9502')
  const refused = {
    abcd: 'digits only',
    '12': 'too short',
    '12345678901234567': 'too long',
    '4444': 'guessed at once',
    '8901': 'guessed at once',
    '4321': 'guessed at once',
  }
  for (const [pin, words] of Object.entries(refused)) {
    const answer = await page.post('/me/pin', { pin, again: pin })
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)])
  }
  const differs = await page.post('/me/pin', { pin: '8274', again: '8275' })
  expect(await differs.text()).toContain('not the same')
  expect(secrets.pin(bobId)).toBe('9502')
  const done = await page.post('/me/pin', { pin: '8274', again: '8274' })
  expect([done.status, done.headers.get('location')]).toEqual([303, '/me?done=pin'])
  expect([secrets.pin(bobId), secrets.voicemailPin(bobId)]).toEqual(['8274', '8274'])
  expect(await company.ask('voicemail/single', 'mailbox=502&context=default')).toContain('8274')
})

test('the PIN that everybody new gets, and one’s own extension, are no choice', async () => {
  const source = 'secrets: { pin: { initial: "0815" } }'
  await using company = await startCompany('', { source, ...login('me: { fewestPinDigits: 3 }') })
  const post = await program(company, 'bob', '9502')
  expect(await post('/api/me/pin', { pin: '0815' })).toMatchObject({ status: 400, why: 'usual' })
  expect(await post('/api/me/pin', { pin: '502' })).toMatchObject({ status: 400, why: 'extension' })
  expect(await post('/api/me/pin', { pin: '82' })).toMatchObject({ status: 400, why: 'short' })
})

test('where the directory keeps the PIN, it says so, and nothing is changed', async () => {
  const source = 'secrets: { pin: { from: employeeNumber } }'
  const ldif = everybody.replace(bob, '') + bobWith({ employeeNumber: '4711' })
  await using company = await startCompany('', { source, ldif, ...login(sip) })
  const bobs = await visit(company, 'bob', '9502')
  expect(await bobs.html('/me')).toContain('Your PIN is kept in the directory')
  expect((await bobs.post('/me/pin', { pin: '8274', again: '8274' })).status).toBe(400)
  // Of whom the directory says nothing the PIN is our own.
  const carols = await visit(company, 'carol', '9503')
  expect((await carols.post('/me/pin', { pin: '8274', again: '8274' })).status).toBe(303)
})

test('the company is searched as the named view shows it', async () => {
  const zoe = entry('zoe', 5, {
    cn: 'Zoë Müller',
    sn: 'Müller',
    givenName: 'Zoë',
    telephoneNumber: '505',
    mobile: '0170 3920018',
  })
  const views = 'views: { all: {}, lean: { numbers: [extension] } }'
  await using company = await startCompany('', {
    ldif: everybody + zoe,
    ...login(`${views}\nme: { view: lean }`),
  })
  const page = await visit(company, 'bob', '9502')
  const html = await page.html('/me?q=mueller')
  expect(html).toContain('Müller Zoë')
  expect(html).toContain('href="tel:505"')
  expect(html).not.toContain('3920018')
  expect(html).not.toContain('action="/me/call"')
  expect(await page.html('/me?q=nobody')).toContain('Nobody is found.')
})

test('another SIP secret is given where that is allowed, and not where the directory has it', async () => {
  await using company = await startCompany('', login(sip))
  const { secrets } = company.service.state
  const before = secrets.sip(bobId)
  const page = await visit(company, 'bob', '9502')
  expect((await page.post('/me/secret')).status).toBe(303)
  const after = secrets.sip(bobId)
  expect(after).toHaveLength(20)
  expect(after).not.toBe(before)
  expect(await company.ask('ps_auths/single', 'id=502')).toContain(after)
  await using strict = await startCompany('', login('me: { sipServer: pbx.example.org }'))
  const strictPage = await visit(strict, 'bob', '9502')
  expect((await strictPage.post('/me/secret')).status).toBe(403)
})

test('programs of somebody who is signed in can do the same', async () => {
  await using company = await startCompany('', login(sip))
  const { cookie } = await signIn(company, 'bob', '9502')
  const self = await fetch(`${company.url}/api/me`, { headers: { cookie } })
  expect(await self.json()).toMatchObject({ id: bobId, name: 'Bob', extension: '502' })
  const found = await fetch(`${company.url}/api/me/colleagues?q=carol`, { headers: { cookie } })
  expect(await found.json()).toMatchObject({ contacts: [{ name: 'Carol' }] })
  const post = await program(company, 'bob', '9502')
  expect(await post('/api/me/pin', { pin: '8274' })).toMatchObject({ status: 200, ok: true })
  expect(await post('/api/me/setup-link', {})).toMatchObject({
    status: 200,
    path: expect.stringMatching(/^\/setup\/[\w-]{22}$/),
  })
  expect(await post('/api/me/calls', { to: '503' })).toMatchObject({ status: 503 })
  expect(await post('/api/people/x/reset-pin', {})).toMatchObject({ status: 403 })
})

test('an account of Peerage itself has no telephone, and says so', async () => {
  await using company = await startCompany('', login(sip))
  const page = await visit(company)
  expect(await page.html('/me')).toContain('This page is for people of the directory.')
  expect((await page.get('/me')).status).toBe(404)
})

test('a wrong server or view in the configuration is complained about by name', async () => {
  const wrong = login('me: { sipServer: "sip:pbx", view: nowhere }')
  await expect(startCompany('', wrong)).rejects.toThrow(/me\.view: there is no view 'nowhere'/)
  await expect(startCompany('', wrong)).rejects.toThrow(/me\.sipServer: 'sip:pbx' is neither/)
})

function bobWith(attributes: Readonly<Record<string, string>>): string {
  return entry('bob', 2, { cn: 'Bob', telephoneNumber: '502', ...attributes })
}

async function program(company: Parameters<typeof signIn>[0], name: string, password: string) {
  const { cookie, csrf } = await signIn(company, name, password)
  return async (path: string, body: unknown) => {
    const answer = await company.post(path, body, { cookie, 'x-csrf-token': csrf })
    return { status: answer.status, ...((await answer.json()) as object) }
  }
}
