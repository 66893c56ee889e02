import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'
import { visit } from './page-visit.ts'

const ada = entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501', ou: 'Engines' })
const grace = entry('grace', 2, { cn: 'Grace Hopper', telephoneNumber: '502' })
const adaPath = '/people/company%2F00000000-0000-4000-8000-000000000001'

test('everybody is led to the door until he signs in, and again after he left', async () => {
  await using company = await startTestService({ ldif: ada })
  const base = `http://127.0.0.1:${company.service.web.port}`
  for (const path of ['/', '/people', '/runs', '/plans', '/numbers', '/events', adaPath]) {
    const answer = await fetch(base + path, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login'])
  }
  const refused = await fetch(`${base}/login`, {
    method: 'POST',
    headers: { 'accept-language': 'de' },
    body: new URLSearchParams({ name: 'superadmin', password: 'guessed' }),
  })
  expect(refused.status).toBe(401)
  expect(await refused.text()).toContain('Der Name oder das Kennwort ist falsch')
  const page = await visit(company)
  expect((await page.get('/')).status).toBe(200)
  await page.post('/logout')
  expect((await page.get('/')).status).toBe(303)
})

test('people are found by the beginning of a name without its accents, and filtered', async () => {
  const zoe = entry('zoe', 3, { cn: 'Zoë Müller' })
  await using company = await startTestService({ ldif: ada + grace + zoe })
  const page = await visit(company)
  expect(await page.html('/people?q=zoe+mueller')).toContain('Zoë Müller')
  const without = await page.html('/people?filter=noExtension')
  expect(without).toContain('Zoë Müller')
  expect(without).not.toContain('Ada Lovelace')
  await company.change(ada + entry('grace', 2, { cn: 'Grace Murray', telephoneNumber: '502' }))
  expect(await page.html('/people?q=grace')).toContain('Grace Murray')
  expect(await page.html('/people?q=502')).not.toContain('Grace Hopper')
})

test('a person shows which attribute or rule each field comes from, and whose rule that is', async () => {
  await using company = await startTestService({
    ldif: ada,
    source:
      "map: { department: { from: ou, match: '^(.*)$' }, sipSecret: { template: 'hush-{uid}' } }",
  })
  const html = await (await visit(company)).html(adaPath)
  const rows = Array.from(
    html.matchAll(
      /<td class="lead"><code>(\w+)<\/code><\/td><td[^>]*>([^<]*)<\/td><td[^>]*>(.*?)<\/td>/g,
    ),
  )
  const of = (field: string) => rows.find((row) => row[1] === field)?.slice(2)
  expect(of('department')).toEqual(['from: ou; match: ^(.*)$', 'from the configuration'])
  expect(of('email')).toEqual(['mail', 'as is usual for this kind of directory'])
  expect(of('sipSecret')).toEqual(['template: …', 'from the configuration'])
})

test('a person is disabled, and Asterisk does not know him any more', async () => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  expect(await company.ask('ps_endpoints/single', 'id=501')).toContain('id=501')
  const done = await page.post(`${adaPath}/disable`)
  expect([done.status, done.headers.get('location')]).toEqual([303, adaPath])
  expect(await company.ask('ps_endpoints/single', 'id=501')).toBe('')
  expect(await page.html(adaPath)).toContain('Disabled because: decided by an administrator')
})

test('a new SIP secret is shown once, and it is the one that telephones need', async () => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const shown = await (await page.post(`${adaPath}/reset-secret`)).text()
  const secret = /<code class="secret">([^<]+)</.exec(shown)?.[1] ?? ''
  expect(secret).toHaveLength(20)
  expect(company.service.state.secrets.sip('company/00000000-0000-4000-8000-000000000001')).toBe(
    secret,
  )
  expect(await page.html(adaPath)).not.toContain(secret)
})

test('a held plan is looked at, taken along as a table, and approved', async () => {
  await using company = await startTestService({
    ldif: ada + grace,
    source: 'guard: { changes: 0, percent: 1 }',
  })
  const page = await visit(company)
  await expect(company.change(ada)).rejects.toThrow('held')
  expect(await page.html('/')).toContain('A plan waits for your decision')
  expect(await page.html('/plans/1')).toContain('Grace Hopper')
  const csv = await page.get('/plans/1/changes.csv')
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(await csv.text()).toContain('"Grace Hopper","502"')
  expect((await page.post('/plans/1/approve')).status).toBe(303)
  expect(await company.ask('ps_endpoints/single', 'id=502')).toBe('')
  expect((await page.post('/plans/1/reject')).status).toBe(409)
})

test('a held plan shows whom a queue loses', async () => {
  const sold = { title: 'Sales' }
  await using company = await startTestService({
    ldif: entry('ada', 1, { telephoneNumber: '501', ...sold }) + grace,
    source: 'guard: { changes: 0, percent: 1 }, map: { groups: title }',
    yaml: 'queues: { sales: { group: Sales } }',
  })
  const page = await visit(company)
  await expect(company.change(grace)).rejects.toThrow('held')
  expect(await page.html('/plans/1')).toMatch(/Queue sales<\/td><td[^>]*><del>ada<\/del>/)
})

test('numbers: what is free between, contested, not understood, and public without anybody', async () => {
  const rival = entry('rival', 4, { cn: 'Late Comer', telephoneNumber: '501', mobile: '12' })
  const far = entry('far', 5, { cn: 'Far Away', telephoneNumber: '510' })
  await using company = await startTestService({ ldif: ada })
  await company.change(ada + rival + far)
  const text = await (await visit(company)).html('/numbers')
  expect(text).toContain('502–509')
  expect(text).toMatch(/501<\/td>.*Ada Lovelace<\/a>.*Late Comer<\/a>/s)
  expect(text).toMatch(/>12<\/td>.*Mobile/s)
  expect(text).toContain('+49302312502 – +49302312509')
})

test('runs are listed and shown with what they changed', async () => {
  await using company = await startTestService({ ldif: ada })
  await company.change(ada.replace('Engines', 'Looms') + grace)
  const page = await visit(company)
  expect(await page.html('/runs')).toContain('1 added')
  expect(await page.html('/runs/2')).toContain('Grace Hopper')
  expect(await (await page.get('/runs/2/run.json')).json()).toMatchObject({ outcome: 'done' })
  expect((await page.get('/runs/99')).status).toBe(404)
})

test('speaks German to who wants German', async () => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const answer = await page.get('/people', { 'accept-language': 'de-DE,de;q=0.9,en;q=0.8' })
  expect(await answer.text()).toContain('<h1>Personen</h1>')
})

test('a browser is told on a page what a program is told as a problem', async () => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const german = { accept: 'text/html,*/*;q=0.8', 'accept-language': 'de' }
  for (const [path, status, text] of [
    ['/nowhere', 404, 'Diese Seite gibt es nicht.'],
    ['/people/a/b/c', 404, 'Diese Seite gibt es nicht.'],
    ['/runs/first', 400, 'ist unvollständig oder falsch.'],
  ] as const) {
    const shown = await page.get(path, german)
    expect([shown.status, await shown.text()], path).toEqual([
      status,
      expect.stringContaining(text),
    ])
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
    const told = await page.get(path)
    expect([told.status, await told.json()], path).toMatchObject([status, { status }])
  }
  const api = await page.get('/api/nowhere', german)
  expect([api.status, await api.json()]).toMatchObject([404, { status: 404 }])
  const stranger = await fetch(`${page.base}/nowhere`, { headers: german })
  expect(await stranger.text()).not.toContain('superadmin')
})
