import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Mishap, SqlRow, SqlValue, Statement } from './database.ts'
import { Disk } from './sqlite-disk.ts'

/** What the main thread sends: several units at once, each a transaction of its own in effect. */
export interface SqliteRequest {
  readonly id: number
  readonly units: readonly (readonly Statement[])[]
  /** What all of them are kept through when they are answered. */
  readonly through: Mishap
}

export interface SqliteReply {
  readonly id: number
  readonly results: readonly SqliteResult[]
}

export type SqliteResult =
  | { readonly rows: readonly SqlRow[]; readonly touched: readonly number[] }
  | { readonly error: string }

/** The thread that owns the file: a slow disk delays whoever writes, never whoever asks. */
function work(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal')
  database.exec('pragma busy_timeout = 5000')
  const disk = new Disk(database)
  const prepared = new Map<string, StatementSync>()

  parentPort?.on('message', (request: SqliteRequest | 'close') => {
    if (request === 'close') {
      disk.close()
      database.close()
      parentPort?.close()
      return
    }
    parentPort?.postMessage({ id: request.id, results: commit(request) })
  })

  /** One commit (one fsync) for all units that came together; a unit that fails undoes only itself. */
  function commit({ units, through }: SqliteRequest): SqliteResult[] {
    try {
      disk.prepare(through)
      database.exec('begin immediate')
      const results: SqliteResult[] = []
      for (const unit of units) {
        const result = runUnit(unit)
        results.push(result)
        // A full disk undoes the whole transaction, and with it what others believe to be in it.
        if (!database.isTransaction) throw new Error('error' in result ? result.error : 'undone')
      }
      database.exec('commit')
      disk.committed(through)
      return results
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      return units.map(() => ({ error: message(error) }))
    }
  }

  function runUnit(statements: readonly Statement[]): SqliteResult {
    database.exec('savepoint unit')
    try {
      let rows: SqlRow[] = []
      const touched: number[] = []
      for (const statement of statements) {
        const answer = runStatement(statement)
        rows = answer.rows
        touched.push(answer.touched)
      }
      database.exec('release unit')
      return { rows, touched }
    } catch (error) {
      if (database.isTransaction) database.exec('rollback to unit; release unit')
      return { error: message(error) }
    }
  }

  function runStatement({ sql, parameters, many }: Statement): { rows: SqlRow[]; touched: number } {
    const statement = prepare(sql)
    const sets = many ?? [parameters ?? []]
    const reads = statement.columns().length > 0
    let rows: SqlRow[] = []
    let touched = 0
    for (const set of sets) {
      const named = nameParameters(set)
      if (reads) {
        rows = statement.all(named) as SqlRow[] // rows hold text, bigint and null: database.ts
        touched += rows.length
      } else {
        touched += Number(statement.run(named).changes)
      }
    }
    return { rows, touched }
  }

  function prepare(sql: string): StatementSync {
    let statement = prepared.get(sql)
    if (!statement) prepared.set(sql, (statement = database.prepare(sql)))
    return statement
  }
}

/** `$1` is a *named* parameter in SQLite, so the same text serves PostgreSQL. */
function nameParameters(values: readonly SqlValue[]): Record<string, SqlValue> {
  return Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]))
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

work(workerData as string) // the only importer, sqlite.ts, passes the path
