import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Protection } from '../../../src/directory/ldap/server.ts'
import { parseConfig } from '../../../src/config/config.ts'
import { type Service, startService } from '../../../src/service.ts'
import type { Run } from '../../../src/state/runs.ts'
import { type LogLine, keptLog } from '../../notices/rig.ts'
import { type Wire, startWire } from '../../rig/wire.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** The directory of an office: a real server with 300 people. */
export interface OfficeDirectory {
  /** On 127.0.0.1. */
  readonly port: number
  readonly protection: Protection
  /** YAML of the source, without its servers. */
  readonly source: string
  /** Addresses of servers beside it, to which there is no wire. */
  readonly replicas: readonly string[]
  /** How long Peerage waits for it. */
  readonly patienceMs: number
  /** Somebody with this extension is employed. */
  hire(extension: string): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
}

/** Peerage in front of a directory, and a wire between them. */
export interface Office extends AsyncDisposable {
  readonly directory: OfficeDirectory
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

/** `more`: YAML of the source; `top`: of the configuration. */
export async function openOfficeAt(
  directory: OfficeDirectory,
  { more: usual = '', top = '' }: { readonly more?: string; readonly top?: string } = {},
): Promise<Office> {
  await using stack = new AsyncDisposableStack()
  const { port, protection } = directory
  const wire = stack.use(await startWire(port, protection === 'none' ? 'ldap' : 'tls'))
  const { path: folder } = stack.use(await temporaryFolder())
  const clock = { aheadMs: 0 }
  const log = keptLog()
  let service: Service | null = null
  stack.defer(async () => service?.[Symbol.asyncDispose]())

  const configuration = (more = usual) => {
    const url = `${protection === 'ldaps' ? 'ldaps' : 'ldap'}://127.0.0.1:${wire.port}`
    const servers = [url, ...directory.replicas].map((each) => `"${each}"`)
    return `
site: { country: DE, extensionLength: 4 }
sources:
  office:
    servers: [${servers.join(', ')}]
    ${directory.source}
    schedule: "0 0 1 1 *"
    pageSize: 100
    connectMs: ${directory.patienceMs}
    silenceMs: ${directory.patienceMs}
    failedServerRestMs: 0
    ${more}
guard: { add: { changes: 1000, percent: 100 }, change: { changes: 1000, percent: 100 } }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
state: "sqlite:./peerage.db"
${top}
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
    directory,
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
