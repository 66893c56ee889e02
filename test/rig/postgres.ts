import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePorts, isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { childEnded } from './processes.ts'
import { unprivileged } from './unprivileged.ts'

/** A real PostgreSQL in a temporary folder, on a free port of 127.0.0.1. */
export interface Postgres extends AsyncDisposable {
  readonly port: number
  readonly pid: number
  /** A new database; its address is for `state`. */
  createDatabase(): Promise<string>
  /** One statement as the superuser. */
  ask(database: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** `SIGKILL`: as a machine that loses power. `SIGINT`: as a restart. The data stay. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again after `stop`, on the same port and data. */
  start(): Promise<void>
  /** A second server that has every commit before it is acknowledged, for as long as this one. */
  addStandby(): Promise<Standby>
  describe(): string[]
}

export interface Standby {
  readonly port: number
  /** It takes writes from now on, as after a fail-over. */
  promote(): Promise<void>
}

export async function startPostgres(): Promise<Postgres> {
  await ensurePackages(['postgresql'])
  await using stack = new AsyncDisposableStack()
  const programs = await findPrograms()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-postgres-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const as = await unprivileged(folder)
  const data = join(folder, 'data')
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C']
  await as.run(join(programs, 'initdb'), [...initdb, '--no-sync', '--no-instructions'])

  const [port = 0] = await freePorts(1)
  const argsFor = (folder: string, port: number) => {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
    return ['-D', folder, ...settings.flatMap((each) => ['-c', each])]
  }
  const postgres = join(programs, 'postgres')
  let child: ChildProcess | null = null
  const start = async () => {
    child ??= await launch(as.command(postgres, argsFor(data, port)), port)
  }
  const stop = async (signal: NodeJS.Signals = 'SIGINT') => {
    const running = child
    child = null
    if (running) await childEnded(running, signal)
  }
  stack.defer(() => stop('SIGINT'))
  await start()

  const ask = (database: string, sql: string) => askAt(port, database, sql)
  const standbys = stack.use(new AsyncDisposableStack())
  const running = stack.move()
  let count = 0
  return {
    port,
    get pid() {
      return child?.pid ?? 0
    },
    async createDatabase() {
      const name = `peerage${++count}`
      await ask('postgres', `create database ${name}`)
      return `postgres://postgres@127.0.0.1:${port}/${name}`
    },
    ask,
    stop,
    start,
    async addStandby() {
      const [itsPort = 0] = await freePorts(1)
      const copy = join(folder, `standby${itsPort}`)
      const from = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres']
      await as.run(join(programs, 'pg_basebackup'), [...from, '-D', copy, '-R', '-c', 'fast'])
      const child = await launch(as.command(postgres, argsFor(copy, itsPort)), itsPort)
      standbys.defer(() => childEnded(child, 'SIGINT'))
      await ask('postgres', `alter system set synchronous_standby_names = '*'`)
      await ask('postgres', 'select pg_reload_conf()')
      return {
        port: itsPort,
        async promote() {
          await askAt(itsPort, 'postgres', 'select pg_promote()')
        },
      }
    },
    describe: () => [`PostgreSQL  postgres://postgres@127.0.0.1:${port}/postgres`],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function askAt(port: number, database: string, sql: string) {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Readonly<Record<string, unknown>>[]
  } finally {
    await client.end()
  }
}

/** Debian keeps them apart by version, outside of PATH. */
async function findPrograms(): Promise<string> {
  const versions = (await readdir('/usr/lib/postgresql')).sort((a, b) => Number(b) - Number(a))
  return `/usr/lib/postgresql/${versions[0]}/bin`
}

async function launch(command: readonly string[], port: number): Promise<ChildProcess> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  // It listens a little before it lets anybody in.
  while (!(await isListening(port)) || !/ready to accept (read-only )?connections/.test(said)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`postgres did not start: ${said.trim()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return child
}
