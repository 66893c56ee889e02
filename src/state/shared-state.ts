import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'
import { JournaledRows } from './journaled-rows.ts'
import { FencedDatabase, LeaseRow } from './lease.ts'
import { migrate } from './migrate.ts'
import type { PostgresAddress } from './postgres/address.ts'
import { ChangeReader, openChangeFeed, pruneChanges } from './postgres/change-feed.ts'
import { Nudges } from './postgres/nudges.ts'
import { openPostgres } from './postgres/postgres.ts'
import { DatabaseRows } from './row-store.ts'
import { openSqlite } from './sqlite.ts'

/** How long a holder may be silent before another node takes over. */
export const patienceMs = 4_000

/** A state that several nodes share, as one of them sees it. */
export interface SharedState {
  readonly lease: LeaseRow
  readonly changes: ChangeReader
  readonly rows: JournaledRows
  /** Listens from the first call on; the listener is told that somebody changed something. */
  nudged(listener: () => void): Promise<void>
  /** Nobody is told at once, as through a pooler of transactions: changes have to be looked for. */
  readonly isDeaf: boolean
  /** Forgets changes that everybody knows. */
  prune(): Promise<void>
}

export interface OpenShared extends SharedState {
  readonly database: Database
  /** The same for what only the node writes that synchronises. */
  readonly fenced: Database
}

export interface SharedOptions {
  readonly address: PostgresAddress
  /** What others call this node. */
  readonly name: string
  readonly journal: string
}

/** Opens it in order; `stack` closes what is open. Rejects when PostgreSQL cannot be reached. */
export async function openShared(
  { address, name, journal: path }: SharedOptions,
  now: () => number,
  stack: AsyncDisposableStack,
): Promise<OpenShared> {
  const node = `${name} ${randomUUID()}`
  const database = stack.use(openPostgres(address, node))
  await database.query('select 1')
  await migrateTogether(database)
  const changes = await ChangeReader.open(database, node)
  const lease = new LeaseRow(database, name, patienceMs)
  await lease.beat()
  stack.defer(() => lease.release().catch(() => undefined))
  const journal = stack.use(await openSqlite(path))
  const shared = new DatabaseRows(database, now)
  const rows = stack.use(await JournaledRows.open(shared, database, journal, now))
  const listeners = new Set<() => void>()
  const nudges = stack.use(
    new Nudges(address, database, () => listeners.forEach((listener) => listener())),
  )
  return {
    database,
    fenced: new FencedDatabase(database, lease),
    lease,
    changes,
    rows,
    nudged(listener) {
      listeners.add(listener)
      return nudges.listen()
    },
    get isDeaf() {
      return nudges.isDeaf
    },
    prune: () => pruneChanges(database, now()),
  }
}

/** Nodes that start together may all want to make the same table: all but one find it made. */
async function migrateTogether(database: Database): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await migrate(database)
      return await openChangeFeed(database)
    } catch (error) {
      if (attempt === 5 || (error instanceof Error && /newer Peerage/.test(error.message))) {
        throw error
      }
      await sleep(200 * attempt)
    }
  }
}
