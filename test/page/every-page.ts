import { readFileSync } from 'node:fs'
import { vi } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { visit, type Visit } from './page-visit.ts'

const file = new URL('../../sample/company.ldif', import.meta.url)
/** The sample company with the short numbers that the site of the test service understands. */
const sample = readFileSync(file, 'utf8').replaceAll(/^(telephoneNumber: ).*(\d{3})$/gm, '$1$2')
const ada = 'company/9274f4f3-7c80-5870-a045-6e07bb9039a3'
const yaml = `me: { sipServer: pbx.example.org, renewSecret: true }
login: { mode: none, refusalMs: 0 }
asterisk: [{ name: pbx1, ami: { host: 127.0.0.1, port: 9, user: x, password: y } }]`

/** What a page is called here, and what it came as. */
export type Pages = Readonly<Record<string, string>>

/**
 * Every page in a language, in a company where something has happened: people have changed, left and
 * are disabled, a plan is held, a phone reads the book, settings are tried.
 */
export async function everyPage(language: 'en' | 'de'): Promise<Pages> {
  await using company = await startTestService({
    ldif: sample.replace('title: Leiterin Entwicklung', 'title: Leiterin\nhomePhone: 12'),
    leavers: '{ grace: 24h }',
    source: 'guard: { changes: 4, percent: 1 }',
    yaml,
    isChangeable: true,
  })
  await company.change(without(sample, 1)) // somebody is missing, and somebody changed
  await company.change(without(sample, 12)).catch(() => {}) // held
  const page = await visit(company)
  const headers = { 'accept-language': language, accept: 'text/html' }
  const get = async (path: string) => (await page.get(path, headers)).text()
  const post = async (path: string, form: Readonly<Record<string, string>> = {}) =>
    (await page.post(path, form, headers)).text()
  const person = `/people/${encodeURIComponent(ada)}`
  await page.post(`${person}/disable`)
  return {
    ...(await signedOut(page.base, headers)),
    overview: await get('/'),
    people: await get('/people'),
    nobody: await get('/people?q=xyzzy'),
    person: await get(person),
    'new PIN': await post(`${person}/reset-pin`),
    runs: await get('/runs'),
    'first run': await get('/runs/1'),
    'second run': await get('/runs/2'),
    'held run': await get('/runs/3'),
    plans: await get('/plans'),
    plan: await get('/plans/1'),
    numbers: await get('/numbers'),
    phones: await get('/phones'),
    'phone made': await post('/phones', { vendor: 'snom', view: 'staff', device: '000413aabbcc' }),
    'no phone': await post('/phones', { vendor: 'nobody', view: 'staff', device: 'x' }),
    preview: await get('/phones/preview?vendor=snom&view=staff'),
    access: await get('/access'),
    'token made': await post('/access/tokens', { name: 'wiki', 'scope-lookup': 'on' }),
    'no token': await post('/access/tokens', { name: '', 'scope-lookup': 'on' }),
    'token to go': await get('/access/tokens/wiki/revoke'),
    'account to reset': await get('/access/accounts/superadmin/reset'),
    trail: await get('/access/trail'),
    'trail of one': await get(`/access/trail?person=${encodeURIComponent(ada)}`),
    sources: await get('/sources'),
    ...(await drafts(page, get)),
    'no such page': await get('/nowhere'),
    'no such person': await get('/people/nobody'),
    'no such number': await get('/people?page=x'),
    'not for staff': await get('/me'),
    ...(await own(company, headers)),
  }
}

/** The sample without the last of its people. */
function without(ldif: string, count: number): string {
  const entries = ldif.split('\n\n')
  const people = entries.filter((each) => each.includes('objectClass: inetOrgPerson'))
  const gone = new Set(people.slice(-count))
  return entries.filter((each) => !gone.has(each)).join('\n\n')
}

async function signedOut(base: string, headers: Readonly<Record<string, string>>): Promise<Pages> {
  const body = new URLSearchParams({ name: 'nobody', password: 'x' })
  const refused = await fetch(`${base}/login`, { method: 'POST', body, headers })
  return {
    'sign in': await (await fetch(`${base}/login`, { headers })).text(),
    refused: await refused.text(),
    'link over': await (await fetch(`${base}/setup/over`, { headers })).text(),
  }
}

async function drafts(page: Visit, get: (path: string) => Promise<string>): Promise<Pages> {
  const draft = (await page.post('/sources/company/drafts')).headers.get('location') ?? ''
  const fresh = await get(draft)
  for (const what of ['connection', 'attributes', 'people', 'plan']) {
    await page.post(`${draft}/${what}`)
    await vi.waitUntil(async () => !(await get(draft)).includes('aria-busy'))
  }
  const tried = await get(draft)
  const text = await get(`${draft}?as=text`)
  await page.post(`${draft}/keep?as=text`, { text: 'preset: openldap\nfoo: 1\n' })
  const removal = (await page.post('/sources/company/removal')).headers.get('location') ?? ''
  return {
    draft: fresh,
    'draft tried': tried,
    'draft as text': text,
    'wrong draft': await get(`${draft}?as=text`),
    removal: await get(removal),
  }
}

async function own(
  { service }: TestService,
  headers: Readonly<Record<string, string>>,
): Promise<Pages> {
  const grace = service.people.byExtension('502')?.id ?? ''
  await service.state.secrets.choose(grace, 'pin', '8274')
  const page = await visit({ service }, 'grace', '8274')
  const telephone = await (await page.post('/me/telephone', {}, headers)).text()
  const setup = /action="(\/setup\/[^"]+)"/.exec(telephone)?.[1] ?? ''
  const poor = { pin: '1111', again: '1111' }
  return {
    'my telephone': await (await page.get('/me', headers)).text(),
    colleagues: await (await page.get('/me?q=kr', headers)).text(),
    'poor PIN': await (await page.post('/me/pin', poor, headers)).text(),
    'set up': telephone,
    'under the link': await (await page.get(setup, headers)).text(),
    account: await (await page.post(setup, {}, headers)).text(),
  }
}
