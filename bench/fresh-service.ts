import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { once } from 'node:events'
import { childEnded } from '../test/rig/processes.ts'

/** Longer than any poll and any sweep. */
const longestMs = 60_000
/** Asking without a pause would take from the directory the time that is measured. */
const pauseMs = 1

/** Peerage in a process of its own, and one person who is asked for again and again. */
export interface FreshService extends AsyncDisposable {
  /** Resolves when the answer has that name. */
  until(value: string): Promise<void>
  /** What is waited for; ends with an error as soon as the service has one. */
  orFail<Result>(work: Promise<Result>): Promise<Result>
}

/** `source`: YAML of its one source. Resolves when everybody is imported. */
export async function startService(
  folder: string,
  source: string,
  extension: string,
): Promise<FreshService> {
  const file = join(folder, 'peerage.yaml')
  await writeFile(
    file,
    `
site: { country: DE, extensionLength: [3, 5] }
sources: { office: { ${source}, schedule: "0 0 1 1 *" } }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
state: "sqlite:./peerage.db"
`,
  )
  const main = new URL('../bin/peerage.js', import.meta.url).pathname
  const child = spawn(process.execPath, [main, 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await using stack = new AsyncDisposableStack()
  stack.defer(() => childEnded(child, 'SIGTERM'))
  const log = new ServiceLog(child)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  stack.defer(() => agent.destroy())
  const port = Number(await log.said(/"pbx":\["127\.0\.0\.1:(\d+)"/))
  await log.said(/(directory read)/)
  const running = stack.move()
  return {
    async until(value) {
      const last = performance.now() + longestMs
      while (!(await ask(agent, port, extension)).includes(`"Name ${value}"`)) {
        if (performance.now() > last) throw new Error(`no new answer; it said ${log.lastWords}`)
        await sleep(pauseMs)
      }
    },
    orFail: (work) => Promise.race([work, log.failure]),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** What the service says, line by line. */
class ServiceLog {
  /** Rejects with the first thing that goes wrong. */
  readonly failure: Promise<never>
  readonly #lines: string[] = []
  #wake = () => {}

  constructor(child: ChildProcess) {
    const { promise, reject } = Promise.withResolvers<never>()
    this.failure = promise
    promise.catch(() => {})
    const { stdout, stderr } = child
    for (const stream of [stdout, stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line)
        if (isTrouble(line)) reject(new Error(`the service says ${line}`))
        this.#wake()
      })
    }
    void once(child, 'exit').then(([code]) => {
      reject(new Error(`the service ended with ${code}; it said ${this.lastWords}`))
    })
  }

  get lastWords(): string {
    return this.#lines.slice(-3).join('\n')
  }

  /** Resolves with what the pattern captures. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.#lines.map((line) => pattern.exec(line)?.[1]).find(Boolean)
      if (found) return found
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await Promise.race([promise, this.failure])
    }
  }
}

/** An error, or a directory that is not read: whatever is waited for will not come. */
function isTrouble(line: string): boolean {
  return /"level":[56]0|not read|plan held/.test(line)
}

async function ask(agent: Agent, port: number, extension: string): Promise<string> {
  const body = `id=${extension}`
  const path = '/realtime/ps_endpoints/single'
  const asked = request({ agent, host: '127.0.0.1', port, path, method: 'POST' })
  asked.setHeader('content-type', 'application/x-www-form-urlencoded').end(body)
  const [answer] = await once(asked, 'response')
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  return decodeURIComponent(text)
}
