import type { Client } from 'pg'
import {
  StateUnavailable,
  type Database,
  type SqlRow,
  type SqlValue,
  type Statement,
} from '../database.ts'
import { addressText, type PostgresAddress } from './address.ts'
import { Link } from './link.ts'

/** A page of people over a slow line is well within it; a server that is gone is not waited for. */
const statementTimeoutMs = 10_000
/** Of a node that PostgreSQL hears nothing of in the middle of a transaction; all others wait for it. */
const idleMs = 3_000
/** So many sets of parameters at most share a commit. */
const setsAtOnce = 2_000

/** Opens no connection yet: the first question does. `node` marks what this process writes. */
export function openPostgres(address: PostgresAddress, node: string): Database {
  return new PostgresDatabase(address, node)
}

interface Unit {
  readonly statements: readonly Statement[]
  readonly resolve: (touched: readonly number[]) => void
  readonly reject: (error: Error) => void
}

/**
 * PostgreSQL over two connections, one to read and one to write. As with SQLite, what is asked
 * while a commit is on its way goes together into the next one, in the order in which it was asked:
 * two writes of one registration can never change places. The statements of a commit are sent at
 * once, so it costs one round trip and one flush however many there are.
 */
class PostgresDatabase implements Database {
  readonly #address: PostgresAddress
  readonly #node: string
  readonly #reader: Link
  readonly #writer: Link
  #waiting: Unit[] = []
  #sending: Promise<void> = Promise.resolve()
  #isSending = false
  #isClosed = false

  constructor(address: PostgresAddress, node: string) {
    this.#address = address
    this.#node = node
    this.#reader = new Link(address, 'peerage (reads)', statementTimeoutMs)
    this.#writer = new Link(address, 'peerage (writes)', statementTimeoutMs)
  }

  async query(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    try {
      if (this.#isClosed) throw new Error('it was closed')
      const client = await this.#reader.client()
      return (await client.query<SqlRow>(sql, [...parameters])).rows
    } catch (error) {
      if (!isRefusal(error)) this.#reader.drop()
      throw this.#unavailable(error)
    }
  }

  run(statements: readonly Statement[]): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(this.#unavailable(new Error('it was closed')))
      this.#waiting.push({ statements, resolve, reject })
      if (!this.#isSending) this.#sending = this.#sendAll()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    await this.#sending
    await this.#writer[Symbol.asyncDispose]()
    await this.#reader[Symbol.asyncDispose]()
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true
    while (this.#waiting.length > 0) await this.#commit(this.#takeUnits())
    this.#isSending = false
  }

  #takeUnits(): readonly Unit[] {
    let sets = 0
    const end = this.#waiting.findIndex(({ statements }, index) => {
      for (const { many } of statements) sets += many?.length ?? 1
      return index > 0 && sets > setsAtOnce
    })
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end)
  }

  async #commit(units: readonly Unit[]): Promise<void> {
    try {
      const client = await this.#writer.client()
      const touched = await transact(client, this.#node, units)
      units.forEach(({ resolve }, index) => resolve(touched[index] ?? []))
    } catch (error) {
      if (!isRefusal(error)) this.#writer.drop()
      else if (units.length > 1) {
        // A unit that fails undoes only itself.
        for (const unit of units) await this.#commit([unit])
        return
      }
      for (const { reject } of units) reject(this.#unavailable(error))
    }
  }

  #unavailable(error: unknown): StateUnavailable {
    const reason = error instanceof Error ? error.message : String(error)
    const where = `state '${addressText(this.#address)}' could not be read or written: ${reason}`
    const problem = isRefusal(error) ? 'refused' : 'unreachable'
    return new StateUnavailable(
      `${where}; check that PostgreSQL runs, the database is there, and the user may write`,
      { cause: error, problem },
    )
  }
}

/** All units in one transaction, or none of them. */
async function transact(
  client: Client,
  node: string,
  units: readonly Unit[],
): Promise<readonly (readonly number[])[]> {
  const asked: Promise<unknown>[] = []
  const ask = (sql: string, values: readonly SqlValue[] = []) => {
    const answer = client.query(sql, [...values])
    asked.push(answer)
    return answer
  }
  void ask('begin')
  void ask(begun, [node])
  const touched = units.map(({ statements }) =>
    statements.map(({ sql, parameters, many }) => {
      return (many ?? [parameters ?? []]).map((values) => ask(sql, values))
    }),
  )
  const committed = ask('commit')
  const results = await Promise.allSettled(asked)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
  if ((await committed).command !== 'COMMIT') throw new Error('the transaction was undone')
  return Promise.all(
    touched.map((unit) =>
      Promise.all(
        unit.map(async (answers) => {
          const counts = await Promise.all(answers)
          return counts.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
        }),
      ),
    ),
  )
}

/**
 * Whoever follows reads changes in the order of their numbers (`change-feed.ts`), so they have to be
 * committed in this order: one transaction at a time, of all nodes. To notify would have it so anyway
 * (a lock at commit in async.c), and to take the lock first keeps out deadlocks.
 */
const begun = `select set_config('idle_in_transaction_session_timeout', '${idleMs}', true),
  pg_advisory_xact_lock(8070, 1), set_config('peerage.node', $1, true)`

/** PostgreSQL answered, and said no: the statement is at fault, not the connection. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // Five characters are an SQLSTATE. 08: connection; 25006: only reads by now; 25P03: `idleMs`; 53: no
  // resources; 57: shut down; others, such as EPIPE, are the system's.
  return typeof code === 'string' && /^(?!08|25006|25P03|53|57|E)[0-9A-Z]{5}$/.test(code)
}
