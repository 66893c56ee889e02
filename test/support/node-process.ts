import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts } from '../rig/free-ports.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A node as a process of its own, which can be killed and stopped. */
export interface NodeProcess extends AsyncDisposable {
  readonly realtime: string
  /** Where it is asked: the ports of `listen.pbx` and `listen.web`. */
  readonly at: { readonly host: string; readonly pbx: number; readonly web: number }
  readonly child: ChildProcess
  ask(path: string, body: string): Promise<string>
  /** What `/healthz` says; undefined when nobody answers within a second. */
  health(): Promise<NodeHealth | undefined>
  signal(signal: NodeJS.Signals): void
  kill(): Promise<void>
  /** Replaces its copy of the directory, which it watches. */
  writeLdif(ldif: string): Promise<void>
  /** Again, after `kill`, on the same ports and folder. */
  start(): Promise<void>
  /** All that it has logged. */
  log(): string
}

export interface NodeHealth {
  readonly people: number
  readonly node: {
    readonly synchronises: boolean
    readonly hasState: boolean
    readonly undelivered: number
  }
}

export interface NodeOptions {
  readonly name: string
  readonly state: string
  readonly key: string
  readonly ldif: string
  readonly yaml?: string
  /** The machine that it runs on, by the line over which it is asked; default: this one. */
  readonly on?: { readonly prefix: readonly string[]; readonly there: string }
}

export async function startNode(options: NodeOptions): Promise<NodeProcess> {
  const { name, state, key, ldif, yaml = '', on } = options
  const host = on?.there ?? '127.0.0.1'
  const listen = on ? '0.0.0.0' : host
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder()).path
  const [pbx = 0, web = 0] = await freePorts(2)
  await writeFile(join(folder, 'people.ldif'), ldif)
  await writeFile(
    join(folder, 'peerage.yaml'),
    `
site: { country: DE, outsidePrefix: "0" }
sources: { company: { preset: openldap, ldif: ./people.ldif, secrets: { sip: { from: employeeNumber } } } }
listen: { pbx: "${listen}:${pbx}", web: "${listen}:${web}" }
state: ${state}
stateKey: ${key}
stateJournalFile: ./node.db
node: ${name}
${yaml}`,
  )
  const main = new URL('../../bin/peerage.js', import.meta.url).pathname
  let log = ''
  let child: ChildProcess
  const start = async () => {
    const [program = '', ...args] = [...(on?.prefix ?? []), process.execPath, main, 'serve']
    child = spawn(program, args, { cwd: folder, stdio: 'pipe' })
    const ended = once(child, 'exit').then(() => {
      throw new Error(`node ${name} ended: ${log}`)
    })
    const ready = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk: Buffer) => {
          log += chunk.toString()
          if (/"msg":"ready"/.test(log)) resolve()
        })
      }
    })
    ended.catch(() => undefined)
    await Promise.race([ready, ended])
  }
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
    log = ''
  }
  stack.defer(kill)
  await start()
  const opened = stack.move()
  const realtime = `http://${host}:${pbx}`
  return {
    realtime,
    at: { host, pbx, web },
    get child() {
      return child
    },
    ask: (path, body) => askRealtime(realtime, path, body, 5_000),
    async health() {
      const signal = AbortSignal.timeout(1_000)
      const answer = await fetch(`http://${host}:${web}/healthz`, { signal }).catch(() => null)
      return answer
        ? ((await answer.json()) as Awaited<ReturnType<NodeProcess['health']>>)
        : undefined
    },
    signal: (signal) => void child.kill(signal),
    kill,
    writeLdif: (text) => writeFile(join(folder, 'people.ldif'), text),
    start,
    log: () => log,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** A question as Asterisk asks it; rejects when nobody answers in time. */
export async function askRealtime(
  url: string,
  path: string,
  body: string,
  patienceMs: number,
): Promise<string> {
  const answer = await fetch(`${url}/realtime/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    signal: AbortSignal.timeout(patienceMs),
  })
  return answer.text()
}
