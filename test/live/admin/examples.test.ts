import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { FakeAri } from '../../ari/fake-ari.ts'
import { ensurePackages } from '../../rig/packages.ts'
import {
  undescribed,
  type DescribedApi,
  type DescribedOperation,
} from '../../support/described-answers.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'

const run = promisify(execFile)

interface Document extends DescribedApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
interface Operation extends DescribedOperation {
  readonly 'x-codeSamples': readonly { readonly source: string }[]
}

const sample = new URL('../../../sample/company.ldif', import.meta.url)
const ldif = readFileSync(sample, 'utf8')
const urlOf = ({ service }: TestService) => `http://127.0.0.1:${service.web.port}`

/** Somebody is there, a plan is held, and there are a phone and a token to revoke. */
async function openOffice(ari: FakeAri | null): Promise<TestService> {
  const pbx = `{ name: pbx1, ami: { host: 127.0.0.1, port: 1, user: peerage, password: x }, ari: { url: "${ari?.url}", user: peerage, password: secret } }`
  const company = await startTestService({
    ldif,
    source: `guard: { changes: 1, percent: 1 }, map: { extension: { from: telephoneNumber, match: '(\\d{3})$' } }`,
    yaml: `login: { mode: none, refusalMs: 0 }
me: { sipServer: pbx.example.org, renewSecret: true }
${ari ? `asterisk: [${pbx}]` : ''}`,
    moreSources: ['branch: { preset: openldap, ldif: ./branch.ldif }'],
    isChangeable: true,
  })
  const { service } = company
  const more = [1, 2].map((id) => entry(`new${id}`, id, {})).join('')
  await company.change(`${ldif}\n${more}`).catch(() => {}) // held
  await service.state.phones.make({ vendor: 'snom', view: 'staff', device: '000413ddeeff' })
  await service.state.tokens.make('wiki', ['read'])
  await service.ari.settled()
  return company
}

async function documentOf(company: TestService): Promise<Document> {
  const headers = { authorization: `Bearer ${company.service.newToken}` }
  const answer = await fetch(`${urlOf(company)}/api/openapi.json`, { headers })
  return (await answer.json()) as Document
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      return { name: `${method} ${path}`, source: operation['x-codeSamples'][0]?.source ?? '' }
    }),
  )

/** Ada of the sample company, with what the session goes by. */
async function signIn(company: TestService): Promise<{ SESSION: string; CSRF: string }> {
  const { people, state } = company.service
  const pin = state.secrets.pin(people.byExtension('501')?.id ?? '')
  const answer = await fetch(`${urlOf(company)}/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ name: 'ada', password: pin ?? '' }),
  })
  const { csrf } = (await answer.json()) as { csrf: string }
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  return { SESSION: cookie, CSRF: csrf }
}

test(
  'curl sends the example of every operation, each is done, and the answer is as it is described',
  { timeout: 300_000 },
  async () => {
    await ensurePackages(['curl'])
    await using ari = await FakeAri.start()
    ari.answer = () => ({ status: 200, body: { id: 'channel-1' } })
    await using shared = await openOffice(null)
    const document = await documentOf(shared)
    const failed: string[] = []
    let done = 0
    for (const { name, source } of operationsOf(document)) {
      // What changes something gets an office of its own.
      const isReading = name.startsWith('get ')
      await using own = isReading ? null : await openOffice(name.endsWith('/calls') ? ari : null)
      const company = own ?? shared
      const script = `uuidgen() { echo 7d4e; }; ${source} -s -w '\\n%{content_type}\\n%{http_code}'`
      const { stdout } = await run('sh', ['-c', script], {
        maxBuffer: 2 ** 24,
        env: {
          ...process.env,
          PEERAGE: urlOf(company),
          TOKEN: company.service.newToken ?? '',
          ...(await signIn(company)),
        },
      })
      const [, body = '', type = '', status = ''] = /^(.*)\n(.*)\n(\d+)$/s.exec(stdout) ?? []
      if (/^20\d$/.test(status)) done++
      else failed.push(`${name}: ${status}`)
      failed.push(...undescribed(document, name, { status: Number(status), type, body }))
    }
    expect(failed).toEqual([])
    expect(done).toBeGreaterThan(30)
  },
)
