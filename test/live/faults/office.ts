import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseConfig } from '../../../src/config/config.ts'
import { type Service, startService } from '../../../src/service.ts'
import type { Run } from '../../../src/state/runs.ts'
import { type LogLine, keptLog } from '../../notices/rig.ts'
import { type Slapd, startSlapd } from '../../rig/slapd.ts'
import { type Wire, startWire } from '../../rig/wire.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export const size = 300
export const extensions = Array.from({ length: size }, (_, index) => String(1000 + index))
/** Who is employed while the fault lasts; that he is answered proves that it is over. */
export const newcomer = '2999'

export const suffix = 'dc=example,dc=org'
export const dnOf = (extension: string) => `uid=u${extension},ou=people,${suffix}`

/** Somebody, with an entryUUID of his own so that every replica and every backup has the same. */
export function personLdif(extension: string, more: readonly string[] = []): string {
  return [
    `dn: ${dnOf(extension)}`,
    'objectClass: inetOrgPerson',
    `uid: u${extension}`,
    `cn: Person ${extension}`,
    `sn: ${extension}`,
    `telephoneNumber: ${extension}`,
    ...more,
    '',
  ].join('\n')
}

export function loadedLdif(wanted: readonly string[] = extensions): string {
  const people = wanted.map((extension) =>
    personLdif(extension, [`entryUUID: ${uuidOf(extension)}`]),
  )
  return [reader, ...people].join('\n')
}

export function uuidOf(extension: string): string {
  return `00000000-0000-4000-8000-${extension.padStart(12, '0')}`
}

export const readerDn = `cn=reader,${suffix}`
export const readerPassword = 'reader-secret'
/** An account that may read, and whose password and limits a test may change. */
const reader = `dn: ${readerDn}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: ${readerPassword}
`

export interface OfficeOptions {
  /** What stands on the wire; default: LDAP in clear text. */
  readonly tls?: 'none' | 'starttls' | 'ldaps'
  /** What the reader may read in one search. */
  readonly sizeLimit?: number
  /** A second server beside the first, with these people. */
  readonly replica?: readonly string[]
  /** YAML in the source. */
  readonly source?: string
}

/** Peerage in front of a real OpenLDAP with 300 people, and a wire between them. */
export interface Office extends AsyncDisposable {
  readonly slapd: Slapd
  readonly wire: Wire
  readonly folder: string
  readonly service: Service
  /** Turns the machine's clock, as Peerage sees it. */
  readonly clock: { aheadMs: number }
  /** Asterisk's question for an endpoint, and whether that is what it got; null: Peerage is stopped. */
  answers(extension: string): Promise<boolean | null>
  /** Resolves when the extension is answered, without any read being asked for. */
  untilAnswered(extension: string): Promise<void>
  read(): Promise<Run>
  /** Stops Peerage and starts it anew on the same state, with YAML of the source if another. */
  restart(source?: string): Promise<void>
  stop(): Promise<void>
  /** What Peerage said so far: in reports of runs, in held plans and in its log. */
  said(): Promise<readonly string[]>
  untilSaid(words: RegExp): Promise<void>
  configuration(source?: string): string
}

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  await using stack = new AsyncDisposableStack()
  const { tls = 'none' } = options
  const slapd = stack.use(
    await startSlapd({ people: loadedLdif(), sizeLimit: options.sizeLimit ?? 1000 }),
  )
  const replica =
    options.replica && stack.use(await startSlapd({ people: loadedLdif(options.replica) }))
  const to = Number(new URL(tls === 'ldaps' ? slapd.ldapsUrl : slapd.url).port)
  const wire = stack.use(await startWire(to, tls === 'none' ? 'ldap' : 'tls'))
  const { path: folder } = stack.use(await temporaryFolder())
  const clock = { aheadMs: 0 }
  const log = keptLog()
  let service: Service | null = null
  stack.defer(async () => service?.[Symbol.asyncDispose]())

  const configuration = (source = options.source ?? '') => {
    const url = `${tls === 'ldaps' ? 'ldaps' : 'ldap'}://127.0.0.1:${wire.port}`
    const servers = [url, ...(replica ? [replica.url] : [])].map((each) => `"${each}"`)
    return `
site: { country: DE, extensionLength: 4 }
sources:
  office:
    preset: openldap
    servers: [${servers.join(', ')}]
    ${tls === 'none' ? 'tls: none' : `caFile: "${slapd.caFile}"`}
    base: "${suffix}"
    bind: { user: "${readerDn}", password: "${readerPassword}" }
    schedule: "0 0 1 1 *"
    pageSize: 100
    connectMs: 700
    silenceMs: 700
    failedServerRestMs: 0
    ${source}
guard: { add: { changes: 1000, percent: 100 }, change: { changes: 1000, percent: 100 } }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
state: "sqlite:./peerage.db"
`
  }
  const start = async (source?: string) => {
    const config = parseConfig(configuration(source), join(folder, 'peerage.yaml'), {})
    service = await startService(config, { log, now: () => Date.now() + clock.aheadMs })
    await service.ready
  }
  await start()
  const opened = stack.move()

  const running = () => service ?? fail('Peerage is stopped')
  const office: Office = {
    slapd,
    wire,
    folder,
    clock,
    get service() {
      return running()
    },
    async answers(extension) {
      const asked = service
      if (!asked) return null
      const url = `http://127.0.0.1:${asked.pbx.port}/realtime/ps_endpoints/single`
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `id=${extension}`,
      }).catch((error: unknown) => {
        if (asked === service) throw error
      })
      // Nobody was there any more to answer.
      if (!answer) return null
      return (
        answer.status === 200 && new URLSearchParams(await answer.text()).get('id') === extension
      )
    },
    untilAnswered(extension) {
      return until(async () => (await office.answers(extension)) === true, `${extension} answered`)
    },
    async read() {
      const [run] = await running().sync()
      return run ?? fail('nothing was read')
    },
    async restart(source) {
      await office.stop()
      await start(source)
    },
    async stop() {
      const old = service
      service = null
      await old?.[Symbol.asyncDispose]()
    },
    async said() {
      const runs = await running().state.runs.newest(100)
      const reports = runs.flatMap(({ error, problems }) => [
        ...(error === null ? [] : [error]),
        ...problems.map(({ entry, attribute, text }) => `${entry} ${attribute ?? ''}: ${text}`),
      ])
      return [...reports, ...log.lines.map(lineText)]
    },
    untilSaid(words) {
      const isSaid = async () => (await office.said()).some((text) => words.test(text))
      return until(isSaid, `said ${words}`)
    },
    configuration,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
  return office
}

function lineText({ phrase, about }: LogLine): string {
  const { problem, reason } = about
  return [phrase, problem, reason].filter((part) => typeof part === 'string').join(': ')
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const last = performance.now() + 10_000
  while (!(await isSo())) {
    if (performance.now() > last) fail(`never ${what}`)
    await sleep(20)
  }
}

function fail(reason: string): never {
  throw new Error(reason)
}
