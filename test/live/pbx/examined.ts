import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FoundProbes, Someone } from '../../../src/answers/admin/asterisk.ts'
import { examineAsterisk, type ExamineDeps } from '../../../src/pbx/check/examine.ts'
import type { Finding } from '../../../src/pbx/check/finding.ts'
import type { Expected, RunningService } from '../../../src/pbx/check/subject.ts'
import type { AsteriskOptions } from '../../../src/pbx/options.ts'
import { freeAmi, startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'

/** A Peerage, and an Asterisk that asks it, to be put wrong and looked at. */
export interface Examined extends AsyncDisposable {
  readonly asterisk: Asterisk
  readonly company: TestService
  /** What is found, each as `level what: detail → remedy`. */
  examine(about?: About): Promise<string[]>
  /** The same after Asterisk's file was changed (and not read again by Asterisk). */
  examineWith(file: string, change: (text: string) => string, about?: About): Promise<string[]>
}

/** Of what is looked at, or with. */
export type About = Partial<ExamineDeps> & Partial<AsteriskOptions>

export interface ExaminedOptions {
  readonly version?: AsteriskVersion
  /** Where Asterisk asks instead, given where Peerage listens. */
  readonly through?: (url: string) => Promise<string> | string
  readonly files?: Readonly<Record<string, string>>
  readonly ldif?: string
  /** YAML inside `listen`. */
  readonly listen?: string
  readonly yaml?: string
  readonly expected?: Partial<Expected>
}

/** Accounts of the manager interface beside the usual one. */
export const otherAccounts = `
[powerless]
secret = secret
write = call

[mighty]
secret = secret
write = system,originate,config

[console]
secret = secret
write = system,command
`

export async function openExamined(options: ExaminedOptions = {}): Promise<Examined> {
  await using stack = new AsyncDisposableStack()
  const { version = 22, through = (url: string) => url, listen = '' } = options
  const { ldif = entry('ada', 1, { cn: 'Ada', telephoneNumber: '501' }), yaml = '' } = options
  const company = stack.use(await startTestService({ ldif, listen, yaml }))
  const { pbx } = company.service
  const realtime = await through(`http://127.0.0.1:${pbx.port}`)
  const ami = await freeAmi()
  const rights = version === 22 ? 'system' : 'system,command'
  const usual = `[peerage]\nsecret = ${ami.password}\nread =\nwrite = ${rights}\n`
  const files = { 'manager_users.conf': `${usual}${otherAccounts}`, ...options.files }
  const asterisk = stack.use(await startAsterisk({ version, realtime, ami, files }))
  const expected: Expected = {
    scheme: 'http',
    ports: [Number(new URL(realtime).port)],
    token: null,
    isListed: true,
    ...options.expected,
  }
  const opened = stack.move()

  const examine = async (about: About = {}) =>
    findingsOf({ name: 'pbx', ami: { ...ami, tls: false }, ...about }, company, expected, about)
  return {
    asterisk,
    company,
    examine,
    async examineWith(name, change, about) {
      const file = join(asterisk.folder, 'etc', name)
      const before = await readFile(file, 'utf8')
      const after = change(before)
      if (after === before) throw new Error(`${name} was not changed`)
      await writeFile(file, after)
      try {
        return await examine(about)
      } finally {
        await writeFile(file, before)
      }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** What is found in an Asterisk that asks the given company, each as one line. */
export async function findingsOf(
  options: AsteriskOptions,
  company: TestService,
  expected: Expected,
  about: Partial<ExamineDeps> = {},
): Promise<string[]> {
  const service = await serviceOf(company)
  const deps = { expected, service, now: Date.now, timeoutMs: 10_000, ...about }
  const found: string[] = []
  for await (const finding of examineAsterisk(options, 'asterisk[0]', deps)) {
    found.push(text(finding))
  }
  return found
}

async function serviceOf({ service: { web, newToken } }: TestService): Promise<RunningService> {
  const ask = async (path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${newToken}` }
    return (await fetch(`http://127.0.0.1:${web.port}/api/asterisk/${path}`, { headers })).json()
  }
  const { extension, people } = (await ask('someone')) as Someone
  const seen = async (name: string) => ((await ask(`probes/${name}`)) as FoundProbes).seen
  return { someone: extension, people, probe: seen }
}

/** What is not well. */
export function troubles(found: readonly string[]): string[] {
  return found.filter((line) => !line.startsWith('ok '))
}

function text({ level, what, detail, remedy }: Finding): string {
  return `${level} ${what}: ${detail}${remedy === null ? '' : ` → ${remedy}`}`
}
