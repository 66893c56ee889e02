import { chownSync, closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync } from 'node:fs'
import { openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StateUnavailable } from './database.ts'
import { databasePath, openState, type StateOptions } from './state.ts'

/** What stands in a copy of the state. */
export interface Copied {
  readonly people: number
  /** Encrypted, as they are in the state. */
  readonly secrets: number
  readonly contacts: number
}

/**
 * Copies the state into a file of one moment, also while a service works on it: SQLite writes the
 * copy within one read transaction. The key is not in it. Never overwrites. Throws
 * `StateUnavailable`.
 */
export function backUp(options: StateOptions, file: string): Copied {
  const path = databasePath(options)
  if (!existsSync(path)) throw new StateUnavailable(`there is no state at '${path}'; check 'state'`)
  refuseOverwriting(file)
  const part = `${file}.part`
  rmSync(part, { force: true })
  const mask = process.umask(0o077)
  try {
    using database = new DatabaseSync(path, { readOnly: true })
    database.exec('pragma busy_timeout = 5000')
    database.prepare('vacuum into ?').run(part)
    const copied = examine(part)
    toDisk(part)
    renameSync(part, file)
    return copied
  } catch (error) {
    rmSync(part, { force: true })
    throw unusable(`the state '${path}' could not be copied to '${file}'`, error)
  } finally {
    process.umask(mask)
  }
}

/**
 * Puts a copy in the place of the state, brought forward to this program, when it is whole and the
 * key opens it. Never overwrites. Throws `StateUnavailable`.
 */
export async function restore(
  options: StateOptions,
  file: string,
  now: () => number,
): Promise<Copied> {
  const path = databasePath(options)
  for (const name of [path, `${path}-wal`]) refuseOverwriting(name)
  if (!existsSync(file)) throw new StateUnavailable(`there is no file '${file}'`)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.restoring`
  const remove = () => ['', '-wal', '-shm'].forEach((end) => rmSync(part + end, { force: true }))
  const mask = process.umask(0o077)
  try {
    remove()
    copyFileSync(file, part)
    const copied = examine(part)
    const keyFile = join(dirname(path), 'peerage.key')
    if (copied.secrets > 0 && options.stateKey === undefined && !existsSync(keyFile)) {
      throw new Error(
        `its secrets are encrypted, and their key is not here; put it to '${keyFile}' (mode 0600), or give it as stateKey`,
      )
    }
    {
      await using _ = await openState({ ...options, state: `sqlite:${part}` }, now)
    }
    toDisk(part)
    giveToOwnerOf(dirname(path), part)
    renameSync(part, path)
    return copied
  } catch (error) {
    remove()
    throw unusable(`'${file}' was not restored`, error)
  } finally {
    process.umask(mask)
  }
}

function refuseOverwriting(file: string): void {
  if (!existsSync(file)) return
  throw new StateUnavailable(
    `'${file}' is there already and is not overwritten; move it away, or name another`,
  )
}

/** Throws when this is not a whole database of ours. */
function examine(file: string): Copied {
  using database = new DatabaseSync(file, { readOnly: true })
  const first = (sql: string): unknown => Object.values(database.prepare(sql).get() ?? {})[0]
  const problem = first('pragma quick_check')
  if (problem !== 'ok') throw new Error(`it is damaged: ${String(problem)}`)
  const ours = first(`select count(*) from sqlite_master where name in ('migrations', 'secrets')`)
  if (ours !== 2) throw new Error('it is not the state of a Peerage')
  const count = (table: string): number => Number(first(`select count(*) from ${table}`))
  return { people: count('people'), secrets: count('secrets'), contacts: count('contacts') }
}

function toDisk(file: string): void {
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** The administrator restores as root what the service's own user must be able to write. */
function giveToOwnerOf(folder: string, file: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  chownSync(file, uid, gid)
}

function unusable(what: string, error: unknown): StateUnavailable {
  const reason = error instanceof Error ? error.message : String(error)
  return new StateUnavailable(`${what}: ${reason}`, { cause: error })
}
