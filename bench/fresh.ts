/**
 * `node bench/fresh.ts [openldap|ds389|samba|ldif] [changes] [people]`: how long after a change in a
 * real directory the realtime answer over HTTP is new, with Peerage in a process of its own, beside
 * the server's own client where there is one (`ldapsearch -E sync=rp`), in the same run.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { childEnded } from '../test/rig/processes.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { type FreshServer, openServer } from './fresh-servers.ts'

const [name = 'openldap', changes = '100', people = '1000'] = process.argv.slice(2)

async function bench(): Promise<void> {
  await using server = await openServer(name, Number(people))
  await using folder = await temporaryFolder()
  await using peerage = await startPeerage(folder.path, server)
  await using peer = followWithLdapsearch(server)
  const ours: number[] = []
  const theirs: number[] = []
  await peer.ready
  for (let round = 0; round < Number(changes) + 5; round++) {
    const number = String(round)
    const began = performance.now()
    const told = peer.until(number).then(() => performance.now() - began)
    const isNew = peerage.until(number).then(() => performance.now() - began)
    await server.change(number)
    const times = await Promise.all([isNew, told])
    // The first ones warm up both.
    if (round < 5) continue
    ours.push(times[0])
    theirs.push(times[1])
    // Not in step with a poll of the directory.
    await sleep(Math.random() * server.pauseMs)
  }
  console.log(`${server.title}, ${people} people, ${changes} changes, one after the other`)
  console.log(line('the realtime answer is new', ours))
  if (peer.isThere) console.log(line('ldapsearch -E sync=rp prints it', theirs))
}

/** Peerage as a process, and a question that is asked again and again over one connection. */
async function startPeerage(folder: string, server: FreshServer) {
  const file = join(folder, 'peerage.yaml')
  await writeFile(
    file,
    `
site: { country: DE, extensionLength: [3, 5] }
sources: { office: { ${server.source}, schedule: "0 0 1 1 *" } }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
state: "sqlite:./peerage.db"
`,
  )
  const main = new URL('../bin/peerage.js', import.meta.url).pathname
  const child = spawn(process.execPath, [main, 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const said = async (pattern: RegExp) => {
    while (!pattern.test(text)) await once(child.stdout, 'data')
    return pattern.exec(text)?.[1] ?? ''
  }
  const port = Number(await said(/"pbx":\["127\.0\.0\.1:(\d+)"/))
  await said(/(directory read)/)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    async until(value: string): Promise<void> {
      while (!(await ask(agent, port, server.extension)).includes(`"Name ${value}"`)) {
        await setImmediate()
      }
    },
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await childEnded(child, 'SIGTERM')
    },
  }
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

/** OpenLDAP's own client on the same server; where the server has no such thing, nobody. */
function followWithLdapsearch({ peer }: FreshServer) {
  const waiting = new Map<string, () => void>()
  const ready = Promise.withResolvers<void>()
  if (!peer) ready.resolve()
  const child = peer ? spawn('stdbuf', ['-oL', 'ldapsearch', ...peer]) : null
  child?.stdout.on('data', (chunk: Buffer) => {
    ready.resolve()
    for (const [, value = ''] of chunk.toString().matchAll(/^displayName: Name (.*)$/gm))
      waiting.get(value)?.()
  })
  return {
    isThere: child !== null,
    ready: ready.promise,
    until(value: string): Promise<void> {
      if (!child) return Promise.resolve()
      return new Promise((resolve) => waiting.set(value, resolve))
    },
    async [Symbol.asyncDispose]() {
      if (child) await childEnded(child, 'SIGTERM')
    },
  }
}

function line(what: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] ?? 0).toFixed(1)
  return `${what.padEnd(34)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`
}

await bench()
