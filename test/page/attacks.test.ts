import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { words } from '../../src/answers/page/words.ts'
import { encodeCsv } from '../../src/answers/page/csv.ts'
import { entry, startTestService } from '../support/service.ts'
import { visit } from './page-visit.ts'

const attack = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`

test('what a directory says is text on every page, whatever it looks like', async () => {
  const hostile = (telephoneNumber: string, mobile: string) =>
    entry('evil', 1, {
      cn: attack,
      mail: `${attack}@example.org`,
      title: attack,
      ou: attack,
      telephoneNumber,
      mobile,
    })
  const other = entry('other', 2, { cn: `Other ${attack}`, telephoneNumber: '501' })
  await using company = await startTestService({
    ldif: hostile('501', attack),
    source: 'guard: { changes: 1, percent: 100 }',
  })
  await company.change(hostile('501', `${attack} 2`) + other)
  const page = await visit(company)
  await company.change(hostile('502', attack)).catch(() => {})
  const id = encodeURIComponent('company/00000000-0000-4000-8000-000000000001')
  const preview = '/phones/preview?view=staff&vendor='
  const paths = [
    '/',
    '/people',
    `/people/${id}`,
    '/runs',
    '/runs/2',
    '/plans',
    '/numbers',
    '/phones',
    `${preview}yealink`,
    `${preview}cisco`,
    `${preview}neutral`,
  ]
  const query = `/people?q=${encodeURIComponent(attack)}`
  let seen = 0
  for (const path of [...paths, query]) {
    const html = await page.html(path)
    expect(html, path).not.toContain('<script>alert')
    expect(html, path).not.toContain('<img src=x')
    if (html.includes('&lt;script&gt;alert(1)')) seen++
  }
  expect(seen).toBeGreaterThanOrEqual(4)
})

test('what a directory or a telephone says is text on the page for everybody, too', async () => {
  const hostile = { cn: attack, mail: 'evil@example.org', title: attack, ou: attack }
  await using company = await startTestService({
    ldif: entry('evil', 1, { ...hostile, telephoneNumber: '501', mobile: attack }),
    yaml: 'login: { mode: none }\nme: { sipServer: pbx.example.org }',
  })
  const id = 'company/00000000-0000-4000-8000-000000000001'
  await company.service.state.secrets.choose(id, 'pin', '8274')
  const contact = new URLSearchParams({ id: '501;@1', uri: `sip:501@x`, user_agent: attack })
  await company.ask('ps_contacts/store', String(contact))
  const page = await visit(company, 'evil', '8274')
  const link = await (await page.post('/me/telephone')).text()
  const path = /action="(\/setup\/[\w-]+)"/.exec(link)?.[1] ?? ''
  const htmls = [
    link,
    await page.html('/me?q=501'),
    await page.html(`/me?q=${encodeURIComponent(attack)}`),
    await (await page.post('/me/call', { to: attack })).text(),
    await (await page.post('/me/pin', { pin: attack, again: attack })).text(),
    await (await page.post(path)).text(),
  ]
  for (const html of htmls) {
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<img src=x')
  }
  expect(htmls.filter((html) => html.includes('&lt;script&gt;alert(1)')).length).toBeGreaterThan(3)
})

test('who has no role sees no page but his own, and changes nothing of others', async () => {
  const ldif = entry('ada', 1, { telephoneNumber: '501' })
  await using company = await startTestService({ ldif, yaml: 'login: { mode: none }' })
  const id = 'company/00000000-0000-4000-8000-000000000001'
  await company.service.state.secrets.choose(id, 'pin', '8274')
  const page = await visit(company, 'ada', '8274')
  for (const path of [
    '/',
    '/people',
    '/runs',
    '/plans',
    '/numbers',
    '/phones',
    '/access',
    '/events',
  ]) {
    const answer = await page.get(path)
    expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 303, '/me'])
  }
  const own = `/people/${encodeURIComponent(id)}`
  for (const path of [
    `${own}/reset-secret`,
    '/phones',
    '/phones/1/revoke',
    '/sync',
    '/access/tokens',
  ]) {
    expect([path, (await page.post(path)).headers.get('location')]).toEqual([path, '/me'])
  }
  for (const path of ['/me/pin', '/me/telephone', '/me/call', '/me/secret']) {
    const forged = await page.post(path, { csrf: 'guessed', pin: '8275', again: '8275', to: '501' })
    expect([path, forged.status]).toEqual([path, 403])
  }
  expect(company.service.state.secrets.pin(id)).toBe('8274')
})

test('no page allows a script in its text, and none is kept or framed', async () => {
  await using company = await startTestService({ ldif: entry('ada', 1, {}) })
  const { headers } = await (await visit(company)).get('/people')
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  expect(headers.get('cache-control')).toBe('no-store')
})

test('a change without the token of the session, or from another site, is refused', async () => {
  const ldif = entry('ada', 1, { telephoneNumber: '501' })
  await using company = await startTestService({ ldif })
  const { base, cookie } = await visit(company)
  const path = `${base}/people/${encodeURIComponent('company/00000000-0000-4000-8000-000000000001')}/disable`
  const own = await (await fetch(base, { headers: { cookie } })).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(own)?.[1] ?? ''
  const forged = [
    { body: new URLSearchParams({}), headers: { cookie } },
    { body: new URLSearchParams({ csrf: 'guessed' }), headers: { cookie } },
    { body: new URLSearchParams({ csrf }), headers: { cookie, origin: 'http://evil.example' } },
    { body: new URLSearchParams({ csrf }), headers: { cookie, 'sec-fetch-site': 'cross-site' } },
  ]
  for (const each of forged) {
    expect((await fetch(path, { method: 'POST', redirect: 'manual', ...each })).status).toBe(403)
  }
  expect(await company.ask('ps_endpoints/single', 'id=501')).not.toBe('')
})

test('a session that somebody prepared is not the one that is used after signing in', async () => {
  await using company = await startTestService({ ldif: entry('ada', 1, {}) })
  const base = `http://127.0.0.1:${company.service.web.port}`
  const entered = await fetch(`${base}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: 'peerage=prepared' },
    body: new URLSearchParams({ name: 'superadmin', password: company.service.newPassword ?? '' }),
  })
  const cookie = entered.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^peerage=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/)
  const prepared = { headers: { cookie: 'peerage=prepared' }, redirect: 'manual' } as const
  expect((await fetch(base, prepared)).status).toBe(303)
})

test('a table begins no formula in a spreadsheet, and leaves numbers as they are', () => {
  const csv = encodeCsv([['=1+1', '+49 30 1', '@a', 'a "b"', null, ['x']]])
  expect(csv).toBe(`\uFEFF"'=1+1","+49 30 1","'@a","a ""b""","","[""x""]"\r\n`)
})

test('templates write no value unescaped, and only words that there are', () => {
  const folder = new URL('../../src/answers/page/views/', import.meta.url)
  const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
  const raw = texts.flatMap((text) => text.match(/<%~.*?%>/g) ?? [])
  const known = /^<%~ (?:it\.body|include\('\.\/[a-z-]+'(?: \+ [a-z.]+)?, [^<>]*\)) %>$/
  expect(raw.filter((each) => !known.test(each))).toEqual([])
  const used = texts.flatMap((text) => Array.from(text.matchAll(/it\.w\.(\w+)/g), ([, key]) => key))
  expect(used.filter((key) => !((key as string) in words.de))).toEqual([])
})
