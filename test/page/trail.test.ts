import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { trailRow } from '../../src/answers/page/trail-view.ts'
import { deeds } from '../../src/answers/page/words-deeds.ts'
import type { AuditEntry } from '../../src/state/audit.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'
import { visit } from './page-visit.ts'

const attack = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`
const ada = entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501' })
const grace = entry('grace', 2, { cn: 'Grace Hopper', telephoneNumber: '502' })
const adasId = 'company/00000000-0000-4000-8000-000000000001'
const gracesId = 'company/00000000-0000-4000-8000-000000000002'
const pathOf = (id: string) => `/people/${encodeURIComponent(id)}`

/** Rows of the table as text, without what a reader does not see. */
function rows(html: string): readonly string[] {
  const found = html.matchAll(/<tr><td class="lead">.*?<\/tr>/gs)
  return Array.from(found, ([row]) => row.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '))
}

function add({ service }: TestService, some: Partial<AuditEntry>): Promise<void> {
  const usual = { at: Date.now(), kind: 'change', actor: 'socket', address: '' } as const
  const what = { action: 'POST /api/sync', target: '', outcome: 'done' }
  return service.state.audit.add({ ...usual, ...what, ...some })
}

test('who did what stands in words, the newest first, in the language and the time of the reader', async () => {
  await using company = await startTestService({ ldif: ada + grace })
  const page = await visit(company)
  await page.post(`${pathOf(adasId)}/disable`)
  await visit(company, 'ada', 'wrong').catch(() => {})
  const at = Date.UTC(2031, 4, 6, 12, 30)
  await add(company, { at, action: 'POST /api/people/:id/reset-pin', target: `id=${adasId}` })
  const english = rows(await page.html('/access/trail'))
  expect(english).toEqual([
    expect.stringMatching(/May 6, 2031.* Command on this machine .*new PIN Ada Lovelace – done/),
    expect.stringMatching(/Ada Lovelace Not let in \(page\) – 127\.0\.0\.1 wrong password/),
    expect.stringMatching(/Account superadmin Disabled somebody Ada Lovelace 127\.0\.0\.1 done/),
    expect.stringMatching(/Account superadmin Signed in \(page\) – 127\.0\.0\.1 done/),
  ])
  const german = await page.get('/access/trail', { 'accept-language': 'de' })
  expect(rows(await german.text())).toEqual([
    expect.stringMatching(/06\.05\.2031.* Befehl auf diesem Rechner .*neue PIN.*erledigt/),
    expect.stringMatching(/Ada Lovelace Nicht eingelassen \(page\).*falsches Kennwort/),
    expect.stringMatching(/Konto superadmin Sperrte jemanden Ada Lovelace/),
    expect.stringMatching(/Konto superadmin Angemeldet \(page\)/),
  ])
})

test('the trail is read by kind, by who did it, and by person, in pages that lose and repeat nothing', async () => {
  await using company = await startTestService({ ldif: ada + grace })
  const page = await visit(company)
  for (let each = 0; each < 120; each++) {
    const about = each % 2 === 0 ? adasId : gracesId
    const target = String(new URLSearchParams({ id: about, decision: 'enable' }))
    const action = 'POST /api/people/:id/:decision'
    await add(company, { at: each, actor: `token/t${each % 3}`, action, target })
  }
  await add(company, { actor: `person/${adasId}`, action: 'POST /api/me/pin' })

  async function all(path: string): Promise<readonly string[]> {
    const html = await page.html(path)
    const older = /<a href="([^"]+)" rel="next">/.exec(html)?.[1]
    return [...rows(html), ...(older ? await all(older.replaceAll('&amp;', '&')) : [])]
  }
  expect((await all('/access/trail')).length).toBe(122)
  expect((await all('/access/trail?kind=change')).length).toBe(121)
  expect((await all('/access/trail?kind=sign-in')).length).toBe(1)
  expect((await all('/access/trail?kind=refusal')).length).toBe(0)
  const byToken = await all('/access/trail?actor=token%2Ft1')
  expect(byToken.length).toBe(40)
  expect(byToken.filter((row) => !row.includes('Token t1'))).toEqual([])
  const aboutAda = await all(`/access/trail?person=${encodeURIComponent(adasId)}`)
  expect(aboutAda.length).toBe(61)
  expect(aboutAda[0]).toContain('Changed the own PIN')
  expect(aboutAda.filter((row) => !row.includes('Ada Lovelace'))).toEqual([])
  expect(await page.html(pathOf(adasId))).toContain(
    `/access/trail?person=${encodeURIComponent(adasId)}`,
  )
  for (const filter of ['kind=other', 'before=none', 'before=0', `actor=${'x'.repeat(601)}`]) {
    expect([filter, (await page.get(`/access/trail?${filter}`)).status]).toEqual([filter, 400])
  }
})

test('the API reads the trail by who did it and by person, too', async () => {
  await using company = await startTestService({ ldif: ada })
  const target = String(new URLSearchParams({ id: adasId }))
  await add(company, { at: 1, actor: 'token/wiki', target })
  await add(company, { at: 2, actor: 'token/other', target: `${target}0` })
  await add(company, { at: 3, actor: `person/${adasId}` })
  const headers = { authorization: `Bearer ${company.service.newToken}` }
  async function ask(query: string): Promise<readonly number[]> {
    const url = `http://127.0.0.1:${company.service.web.port}/api/audit?${query}`
    const { entries } = (await (await fetch(url, { headers })).json()) as { entries: AuditEntry[] }
    return entries.map(({ at }) => at)
  }
  expect(await ask('actor=token/wiki')).toEqual([1])
  expect(await ask(`person=${adasId}`)).toEqual([3, 1])
  expect(await ask(`person=${adasId}&actor=token/wiki&kind=change`)).toEqual([1])
  expect(await ask(`person=${adasId}' or '1'='1`)).toEqual([])
})

test('names of tokens, accounts and people are text, whatever they look like', async () => {
  await using company = await startTestService({ ldif: entry('evil', 1, { cn: attack }) })
  const page = await visit(company)
  const { tokens, accounts } = company.service.state
  await tokens.make(attack, ['lookup'])
  await accounts.reset(attack)
  await page.post(`${pathOf(adasId)}/disable`)
  await add(company, { actor: `token/${attack}`, address: attack, outcome: attack })
  await add(company, { actor: attack, action: attack, target: `id=${attack}&name=${attack}` })
  const named = encodeURIComponent(attack)
  const htmls = [
    await page.html('/access'),
    await page.html(`/access/tokens/${named}/revoke`),
    await page.html(`/access/accounts/${named}/reset`),
    await (await page.post(`/access/accounts/${named}/reset`)).text(),
    await (await page.post('/access/tokens', { name: attack, 'scope-read': 'on' })).text(),
    await page.html('/access/trail'),
    await page.html(`/access/trail?actor=token%2F${named}`),
    await page.html(`/access/trail?person=${named}`),
  ]
  for (const html of htmls) {
    expect(html).toContain('&lt;script&gt;alert(1)')
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<img src=x')
  }
  expect((await page.post(`/access/tokens/${named}/revoke`)).status).toBe(303)
  expect(tokens.has(attack)).toBe(false)
})

test('a person who is called like an account is not taken for it', async () => {
  const ldif = entry('evil', 1, { cn: 'Account superadmin' })
  await using company = await startTestService({ ldif })
  const page = await visit(company)
  await add(company, { actor: `person/${adasId}` })
  const [by, signedIn] =
    (await page.html('/access/trail')).match(/<a href="[^"]*actor=.*?<\/a>/gs) ?? []
  expect(by).toMatch(/"><b>Account superadmin<\/b><\/a>$/)
  expect(signedIn).toMatch(/"><span class="badge plain">Account<\/span> <b>superadmin<\/b><\/a>$/)
})

test('everything that can be changed has words in both languages', async () => {
  await using company = await startTestService({ ldif: ada })
  const base = `http://127.0.0.1:${company.service.web.port}`
  const headers = { authorization: `Bearer ${company.service.newToken}` }
  const api = await fetch(`${base}/api/openapi.json`, { headers })
  const { paths } = (await api.json()) as { paths: Record<string, object> }
  const ofApi = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => {
      const route = path.replaceAll(/\{(\w+)\}/g, ':$1')
      return `${method.toUpperCase()} ${route.startsWith('/api') ? route : `/api${route}`}`
    }),
  )
  const folder = new URL('../../src/answers/page/', import.meta.url)
  const sources = readdirSync(folder).filter((name) => name.endsWith('-page.ts'))
  const ofPage = sources.flatMap((name) =>
    Array.from(
      readFileSync(new URL(name, folder), 'utf8').matchAll(/app\.post\(\s*'([^']+)'/g),
      ([, route = '']) => `POST ${route}`,
    ),
  )
  const changing = [...ofApi, ...ofPage].filter((each) => !/^GET|:(?:action|decision)$/.test(each))
  expect(changing.length).toBeGreaterThan(30)
  const { people } = company.service
  const said = changing.map((action) => {
    const some = { id: 1, at: 1, actor: 'socket', address: '', target: '', outcome: 'done' }
    return [action, trailRow({ ...some, kind: 'change', action }, people, 'de').what]
  })
  expect(said.filter(([action, what]) => action === what)).toEqual([])
  expect(Object.keys(deeds.de)).toEqual(Object.keys(deeds.en))
})
