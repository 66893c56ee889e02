import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { childEnded, withSbin } from './processes.ts'
import { unprivileged } from './unprivileged.ts'

/** A real PgBouncer in front of a PostgreSQL on 127.0.0.1. */
export interface PgBouncer extends AsyncDisposable {
  readonly port: number
  /** What it has complained of so far. */
  log(): string
  kill(): Promise<void>
  start(): Promise<void>
}

/** `mode`: when a connection of the server goes to somebody else. */
export async function startPgBouncer(
  postgresPort: number,
  mode: 'transaction' | 'session',
): Promise<PgBouncer> {
  await ensurePackages(['pgbouncer'])
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-pgbouncer-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [port = 0] = await freePorts(1)
  const file = join(folder, 'pgbouncer.ini')
  await writeFile(
    file,
    `[databases]
* = host=127.0.0.1 port=${postgresPort} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 8
`,
  )
  const as = await unprivileged(folder)
  let child: ChildProcess | null = null
  let said = ''
  const start = async (): Promise<void> => {
    const [program = '', ...args] = as.command('pgbouncer', [file])
    const started = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: withSbin() })
    child = started
    started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    while (!(await isListening(port))) {
      if (started.exitCode !== null) throw new Error(`pgbouncer did not start: ${said.trim()}`)
    }
  }
  const kill = async (): Promise<void> => {
    if (child) await childEnded(child, 'SIGKILL')
    child = null
  }
  stack.defer(kill)
  await start()
  const running = stack.move()
  return {
    port,
    log: () => said,
    kill,
    start,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
