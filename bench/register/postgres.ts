import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts, isListening } from '../../test/rig/free-ports.ts'
import { ensurePackages } from '../../test/rig/packages.ts'
import { childEnded } from '../../test/rig/processes.ts'
import type { Tables } from './asterisk-files.ts'

export interface Postgres extends AsyncDisposable {
  readonly port: number
  /** Of the server; its children work for it. */
  readonly pid: number
}

const run = promisify(execFile)
const installed = '/usr/lib/postgresql'

/** A PostgreSQL with these tables, each with an index on `id`; who is `asterisk` needs no password. */
export async function startPostgres(tables: Tables): Promise<Postgres> {
  if (!existsSync(installed)) await ensurePackages(['postgresql'])
  await using stack = new AsyncDisposableStack()
  const [version = ''] = (await readdir(installed)).sort((a, b) => Number(b) - Number(a))
  const program = (name: string) => join(installed, version, 'bin', name)
  const folder = await mkdtemp(join(tmpdir(), 'peerage-postgres-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const who = await ordinaryUser(folder)
  const data = join(folder, 'data')
  await run(program('initdb'), ['-D', data, '-U', 'asterisk', '-A', 'trust', '-E', 'UTF8'], who)
  const [port = 0] = await freePorts(1)
  const settings = ['-h', '127.0.0.1', '-k', folder, '-p', String(port)]
  const child = spawn(program('postgres'), ['-D', data, ...settings], { ...who, stdio: 'ignore' })
  stack.defer(() => childEnded(child, 'SIGINT'))
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error('PostgreSQL did not start')
  }
  const file = join(folder, 'tables.sql')
  await writeFile(file, sql(tables))
  const login = ['-h', '127.0.0.1', '-p', String(port), '-U', 'asterisk', '-d', 'postgres']
  await run(program('psql'), [...login, '-q', '-v', 'ON_ERROR_STOP=1', '-f', file])
  const running = stack.move()
  return { port, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** PostgreSQL refuses to run as root. */
async function ordinaryUser(folder: string): Promise<{ uid?: number; gid?: number; cwd: string }> {
  if (process.getuid?.() !== 0) return { cwd: folder }
  const [uid = 0, gid = 0] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await run('id', [which, 'postgres'])).stdout)),
  )
  await chown(folder, uid, gid)
  await chmod(folder, 0o755)
  return { uid, gid, cwd: folder }
}

function sql(tables: Tables): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  const statements = Object.entries(tables).flatMap(([table, rows]) => {
    const columns = (rows[0] ?? []).map(([column]) => column)
    const typed = columns.map((column) => `${column} text${column === 'id' ? ' primary key' : ''}`)
    const values = rows.map((row) => `(${row.map(([, value]) => quoted(value)).join(', ')})`)
    return [
      `create table ${table} (${typed.join(', ')});`,
      `insert into ${table} (${columns.join(', ')}) values ${values.join(', ')};`,
      `analyze ${table};`,
    ]
  })
  return statements.join('\n')
}
