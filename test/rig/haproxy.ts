import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { childEnded, withSbin } from './processes.ts'

/** A real HAProxy with the very file of `deploy/haproxy`, on a free port of 127.0.0.1. */
export interface Haproxy extends AsyncDisposable {
  readonly url: string
  /** What it has told of its servers so far. */
  log(): string
}

/** A node as the proxy is to see it. */
export interface Proxied {
  readonly host: string
  /** Ports of `listen.pbx` and `listen.web`. */
  readonly pbx: number
  readonly web: number
}

const shipped = new URL('../../deploy/haproxy/haproxy.cfg', import.meta.url)

export async function startHaproxy(nodes: readonly [Proxied, Proxied]): Promise<Haproxy> {
  await ensurePackages(['haproxy'])
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-haproxy-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [port = 0] = await freePorts(1)
  const text = (await readFile(shipped, 'utf8'))
    .replace('bind 127.0.0.1:8070', `bind 127.0.0.1:${port}`)
    .replace('server one 192.0.2.11:8070', serverText('one', nodes[0]))
    .replace('server two 192.0.2.12:8070', serverText('two', nodes[1]))
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, text)
  const child = spawn('haproxy', ['-db', '-f', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: withSbin(),
  })
  stack.defer(() => childEnded(child, 'SIGTERM'))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`haproxy did not start: ${said.trim()}`)
  }
  const running = stack.move()
  return {
    url: `http://127.0.0.1:${port}`,
    log: () => said,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function serverText(name: string, { host, pbx, web }: Proxied): string {
  return `server ${name} ${host}:${pbx} check port ${web}`
}
