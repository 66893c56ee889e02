import { mkdirSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  StateUnavailable,
  type Database,
  type Mishap,
  type SqlRow,
  type SqlValue,
  type Statement,
} from './database.ts'
import type { SqliteReply, SqliteRequest, SqliteResult } from './sqlite-worker.ts'

/**
 * SQLite on a thread of its own. What is asked while a commit is on its way goes together into
 * the next one, so a thousand phones that register at once share a few dozen fsyncs.
 */
export async function openSqlite(path: string): Promise<Database> {
  if (path !== ':memory:') makeFolder(path)
  const database = new SqliteDatabase(path)
  try {
    await database.query('select 1')
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
  return database
}

interface Unit {
  readonly statements: readonly Statement[]
  readonly through: Mishap
  readonly resolve: (result: Exclude<SqliteResult, { error: string }>) => void
  readonly reject: (error: Error) => void
}

class SqliteDatabase implements Database {
  readonly #path: string
  readonly #worker: Worker
  readonly #exited: Promise<void>
  #waiting: Unit[] = []
  #inFlight: Unit[] = []
  #requests = 0
  #failure: string | null = null

  constructor(path: string) {
    this.#path = path
    const own = import.meta.url
    this.#worker = new Worker(new URL(`./sqlite-worker${extname(own)}`, own), { workerData: path })
    this.#worker.on('message', (reply: SqliteReply) => this.#settle(reply))
    this.#worker.on('error', (error: Error) => this.#fail(error.message))
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail(this.#failure ?? 'it was closed')
        resolve()
      })
    })
  }

  async query(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return (await this.#submit([{ sql, parameters }], 'crash')).rows
  }

  async run(
    statements: readonly Statement[],
    through: Mishap = 'power loss',
  ): Promise<readonly number[]> {
    return (await this.#submit(statements, through)).touched
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#failure === null && this.#inFlight.length + this.#waiting.length > 0) {
      await this.query('select 1').catch(() => undefined)
    }
    if (this.#failure === null) this.#worker.postMessage('close')
    await this.#exited
  }

  #submit(
    statements: readonly Statement[],
    through: Mishap,
  ): Promise<Exclude<SqliteResult, { error: string }>> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#unavailable(this.#failure))
      this.#waiting.push({ statements, through, resolve, reject })
      if (this.#inFlight.length === 0) this.#send()
    })
  }

  #send(): void {
    this.#inFlight = this.#waiting
    this.#waiting = []
    const units = this.#inFlight.map((unit) => unit.statements)
    const through = this.#inFlight.every((unit) => unit.through === 'crash')
      ? 'crash'
      : 'power loss'
    this.#worker.postMessage({ id: ++this.#requests, units, through } satisfies SqliteRequest)
  }

  #settle(reply: SqliteReply): void {
    const settled = this.#inFlight
    this.#inFlight = []
    if (this.#waiting.length > 0) this.#send()
    settled.forEach((unit, index) => {
      const result = reply.results[index]
      if (result && 'rows' in result) unit.resolve(result)
      else unit.reject(this.#unavailable(result?.error ?? 'no answer'))
    })
  }

  #fail(reason: string): void {
    this.#failure = reason
    for (const unit of [...this.#inFlight, ...this.#waiting]) unit.reject(this.#unavailable(reason))
    this.#inFlight = []
    this.#waiting = []
  }

  #unavailable(reason: string): StateUnavailable {
    return unavailable(this.#path, reason)
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unavailable(path, error instanceof Error ? error.message : String(error))
  }
}

function unavailable(path: string, reason: string): StateUnavailable {
  return new StateUnavailable(
    `state '${path}' could not be read or written: ${reason}; check the path, its rights and the free space`,
  )
}
