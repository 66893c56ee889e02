import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'
import { sourcesText, startWithFile, type ServiceWithFile } from '../support/with-file.ts'
import { visit, type Visit } from './page-visit.ts'

const attack = `"'><script>alert(1)</script>`
const ada = entry('ada', 1, { cn: `Ada ${attack}`, telephoneNumber: '501' })
const roles = 'login: { mode: none, roles: { helpDesk: [Help], reader: [Readers] } }\n'

/** The address of a new draft. */
async function begin(page: Visit, path: string, form: Readonly<Record<string, string>> = {}) {
  const { status, headers } = await page.post(path, form)
  expect(status).toBe(303)
  return headers.get('location') ?? ''
}

async function settled(page: Visit, draft: string): Promise<string> {
  await expect.poll(async () => (await page.html(draft)).includes('aria-busy')).toBe(false)
  return page.html(draft)
}

/** As somebody of the directory. */
async function visitAs(person: string, { service }: ServiceWithFile) {
  const cookie = `peerage=${await service.state.sessions.begin(`person/company/${person}`)}`
  const base = `http://127.0.0.1:${service.web.port}`
  const html = await (await fetch(base, { headers: { cookie } })).text()
  return { base, cookie, html, csrf: /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '' }
}

test('a source is tried and changed without scripts, and the file says so afterwards', async () => {
  await using company = await startWithFile({ ldif: ada })
  const page = await visit(company)
  const draft = await begin(page, '/sources/company/drafts')
  await page.post(`${draft}/people`, { preset: 'openldap', 'map.aliases': 'uid, mail' })
  const html = await settled(page, draft)
  expect(html).toMatch(/data-label="Aliases">ada</)
  expect(html).toContain('<span class="new">      aliases: [ uid, mail ]')
  expect(html).not.toContain('<script>alert')
  expect(company.text()).not.toContain('aliases')
  const saved = await page.post(`${draft}/apply`, { preset: 'openldap' })
  expect(saved.headers.get('location')).toBe('/sources')
  await expect.poll(company.reloads).toBe(1)
  expect(company.text()).toContain('preset: openldap # as it is')
  expect(company.text()).toContain('      aliases: [ uid, mail ]')
  expect(await page.html('/sources')).toContain('The change is being taken up')
  await company.file.inForce()
  expect(await page.html('/sources')).toContain('The change is in force.')
  expect((await page.get(draft)).status).toBe(404)
  const trail = await company.service.state.audit.newest(1)
  expect(trail[0]).toMatchObject({ actor: 'account/superadmin', outcome: 'done' })
  expect(trail[0]?.action).toBe('POST /sources/:name/drafts/:id/:action')
  expect(trail[0]?.target).toContain('name=company')
})

test('wrong settings change nothing, and everything that is wrong is said', async () => {
  await using company = await startWithFile({ ldif: ada })
  const page = await visit(company)
  const before = company.text()
  const draft = await begin(page, '/sources/company/drafts')
  const answer = await page.post(`${draft}/apply?as=text`, {
    text: `preset: openldap\nldif: ../../${attack}.ldif\nfilter: "("\n`,
  })
  expect(answer.status).toBe(409)
  const html = await answer.text()
  expect(html).toContain('sources.company.ldif')
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toContain('<script>alert')
  await page.post(`${draft}/keep?as=text`, { text: 'preset: ldap\nfilter: "("\nmap: { a: b }\n' })
  const all = await page.html(draft)
  for (const path of ['sources.company.preset']) expect(all).toContain(path)
  expect(company.text()).toBe(before)
  expect(company.reloads()).toBe(0)
})

test('a password that is typed is nowhere but in its file', async () => {
  const bind = 'bind: { user: svc, password: first-secret }'
  const sources = `${sourcesText}  office:\n    preset: openldap\n    servers: [ldap://127.0.0.1:9]\n    base: dc=x\n    changes: off\n    ${bind}\n`
  await using company = await startWithFile({ ldif: ada, sources })
  const page = await visit(company)
  const draft = await begin(page, '/sources/office/drafts')
  await page.post(`${draft}/keep`, { preset: 'openldap', password: 'second-secret' })
  expect(await page.html(draft)).toContain(
    '<span class="gone">    bind: { user: svc, password: ••••',
  )
  for (const path of ['/sources', draft, `${draft}?as=text`]) {
    expect(await page.html(path), path).not.toMatch(/first-secret|second-secret/)
  }
  await page.post(`${draft}/apply`, {})
  expect(company.text()).not.toMatch(/first-secret|second-secret/)
  const files = readdirSync(company.folder).filter((name) => name.endsWith('.password'))
  expect(files).toHaveLength(1)
  expect(JSON.stringify(await company.service.state.audit.newest(50))).not.toContain('secret')
})

test('only administrators come near it, and nobody without the token of the session', async () => {
  const help = entry('help', 2, { telephoneNumber: '502', memberOf: 'cn=Help,dc=x' })
  const reader = entry('reader', 3, { telephoneNumber: '503', memberOf: 'cn=Readers,dc=x' })
  const ldif = ada + help + reader
  await using company = await startWithFile({ ldif, yaml: roles })
  for (const id of [2, 3]) {
    const person = `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`
    const { base, cookie, csrf, html } = await visitAs(person, company)
    expect(html).toContain('Overview')
    expect(html).not.toContain('href="/sources"')
    for (const [method, path] of [
      ['GET', '/sources'],
      ['POST', '/sources'],
      ['POST', '/sources/company/drafts'],
      ['POST', '/sources/company/removal'],
    ] as const) {
      const body = method === 'POST' ? new URLSearchParams({ csrf, name: 'evil' }) : null
      const answer = await fetch(base + path, { method, body, headers: { cookie } })
      expect(answer.status, path).toBe(403)
    }
    for (const path of ['/api/sources', '/api/configuration']) {
      expect((await fetch(base + path, { headers: { cookie } })).status, path).toBe(403)
    }
    const tried = await fetch(`${base}/api/sources/company/test`, {
      method: 'POST',
      headers: { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(tried.status).toBe(403)
  }
  const page = await visit(company)
  expect((await page.post('/sources', { name: 'evil', csrf: 'guessed' })).status).toBe(403)
  const draft = await begin(page, '/sources', { name: 'mine' })
  expect((await fetch(page.base + draft, { redirect: 'manual' })).status).toBe(303)
})

test.each(['../etc', 'UPPER', 'a b', '', 'x'.repeat(40), '__proto__', 'constructor '])(
  'a source cannot be called %j',
  async (name) => {
    await using company = await startWithFile({ ldif: ada })
    const page = await visit(company)
    expect((await page.post('/sources', { name })).status).toBe(400)
  },
)

test('what was changed in the file by hand is told before it is taken up as well', async () => {
  await using company = await startWithFile({ ldif: ada })
  const page = await visit(company)
  const draft = await begin(page, '/sources/company/drafts')
  await page.post(`${draft}/keep`, { preset: 'zimbra' })
  expect(await page.html(draft)).not.toContain('holds other changes')
  await writeFile(join(company.folder, 'peerage.yaml'), `${company.text()}guard: { changes: 3 }\n`)
  expect(await page.html(draft)).toContain('holds other changes')
})

test('without a configuration file, or with a broken one, it says why nothing can be changed', async () => {
  await using sample = await startTestService({ ldif: ada })
  const without = await (await visit(sample)).html('/sources')
  expect(without).toContain('runs without a configuration file')
  expect(without).not.toContain('/sources/company/drafts')
  await using company = await startWithFile({ ldif: ada })
  const page = await visit(company)
  await writeFile(join(company.folder, 'peerage.yaml'), 'sources: [ { password: hunter2')
  const html = await page.html('/sources')
  expect(html).toContain('is no YAML any more')
  expect(html).not.toContain('hunter2')
  expect((await page.post('/sources/company/drafts')).status).toBe(404)
})
