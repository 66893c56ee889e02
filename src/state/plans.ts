import type { Effects } from '../people/effects.ts'
import type { Database, SqlRow, Statement } from './database.ts'
import type { PersonChange } from './runs.ts'

/** A plan as it is shown and kept. Holds no secret. */
export interface DescribedPlan {
  /** How many people it touches. */
  readonly people: number
  /** The first two thousand. */
  readonly items: readonly PersonChange[]
  readonly effects: Effects
  /** What stays although the directory does not say it any more. */
  readonly kept: readonly KeptValue[]
}

export interface KeptValue {
  readonly id: string
  readonly name: string
  readonly field: string
  readonly value: unknown
}

/** More people of a kind than a run may touch by itself. */
export interface Excess {
  readonly kind: string
  readonly count: number
  readonly limit: number
  /** Those of the count who were announced one by one before, and taken over. */
  readonly earlier?: number
}

/** A run that would change too much, waiting for a decision, or what became of it. */
export interface HeldPlan extends DescribedPlan {
  readonly id: number
  readonly source: string
  /** `gone`: at a later read the difference was another one, or none. */
  readonly status: 'held' | 'approved' | 'rejected' | 'expired' | 'gone'
  readonly digest: string
  /** Milliseconds since 1970. */
  readonly madeAt: number
  /** When a read last came to the same plan. */
  readonly seenAt: number
  readonly expiresAt: number
  readonly decidedAt: number | null
  readonly run: number
  /** What there is too much of. */
  readonly excess: readonly Excess[]
  /** What each item is known by, should the plan be rejected. */
  readonly prints: readonly Rejection[]
}

export interface Rejection {
  readonly person: string
  readonly print: string
}

const plansKept = 50

/** Held plans, and the changes that somebody rejected. */
export class Plans {
  readonly #database: Database
  #last = 0

  private constructor(database: Database) {
    this.#database = database
  }

  static async open(database: Database): Promise<Plans> {
    const opened = new Plans(database)
    await opened.refresh()
    return opened
  }

  /** Another node may have added some: numbers go on after the newest. */
  async refresh(): Promise<void> {
    const [row] = await this.#database.query('select max(id) as newest from plans')
    this.#last = Number(row?.['newest'] ?? 0)
  }

  /** The newest first, with `before` those with lower numbers; a source has at most one held. */
  async newest(limit: number, before?: number): Promise<readonly HeldPlan[]> {
    const rows = await this.#database.query(
      'select * from plans where id < $1 order by id desc limit $2',
      [before ?? Number.MAX_SAFE_INTEGER, limit],
    )
    return rows.map(readPlan)
  }

  async get(id: number): Promise<HeldPlan | undefined> {
    const [row] = await this.#database.query('select * from plans where id = $1', [id])
    return row && readPlan(row)
  }

  async heldOf(source: string): Promise<HeldPlan | undefined> {
    const [row] = await this.#database.query(
      `select * from plans where source = $1 and status = 'held' order by id desc limit 1`,
      [source],
    )
    return row && readPlan(row)
  }

  /** Keeps a new plan in place of the one that the source had before. */
  async hold(plan: Omit<HeldPlan, 'id' | 'status' | 'decidedAt'>): Promise<number> {
    const id = ++this.#last
    const { people, items, effects, kept, excess, prints } = plan
    await this.#database.run([
      this.#end(plan.source, 'gone', plan.madeAt),
      {
        sql: `insert into plans (id, source, digest, status, made_at, seen_at, expires_at, run, content)
          values ($1, $2, $3, 'held', $4, $5, $6, $7, $8)`,
        parameters: [
          id,
          plan.source,
          plan.digest,
          plan.madeAt,
          plan.seenAt,
          plan.expiresAt,
          plan.run,
          JSON.stringify({ people, items, effects, kept, excess, prints }),
        ],
      },
      {
        sql: `delete from plans where status <> 'held' and id <= $1`,
        parameters: [id - plansKept],
      },
    ])
    return id
  }

  async seenAgain(id: number, now: number): Promise<void> {
    await this.#database.run([
      { sql: 'update plans set seen_at = $2 where id = $1', parameters: [id, now] },
    ])
  }

  /** The held plan of a source, if any, is no longer. */
  async end(source: string, status: HeldPlan['status'], now: number): Promise<void> {
    await this.#database.run([this.#end(source, status, now)])
  }

  /** Its changes are not proposed again until they are other ones. */
  async reject(plan: HeldPlan, now: number): Promise<void> {
    await this.#database.run([
      this.#end(plan.source, 'rejected', now),
      {
        sql: `insert into rejections (source, person, print, plan) values ($1, $2, $3, $4)
          on conflict (source, person) do update set print = excluded.print, plan = excluded.plan`,
        many: plan.prints.map(({ person, print }) => [plan.source, person, print, plan.id]),
      },
    ])
  }

  /** What was rejected of a source, by person. */
  async rejections(source: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.query(
      'select person, print from rejections where source = $1',
      [source],
    )
    return new Map(rows.map((row) => [String(row['person']), String(row['print'])]))
  }

  /** What is not proposed any more may be proposed anew another time. */
  async forgetRejections(source: string, persons: readonly string[]): Promise<void> {
    await this.#database.run([
      {
        sql: 'delete from rejections where source = $1 and person = $2',
        many: persons.map((person) => [source, person]),
      },
    ])
  }

  #end(source: string, status: HeldPlan['status'], now: number): Statement {
    return {
      sql: `update plans set status = $2, decided_at = $3 where source = $1 and status = 'held'`,
      parameters: [source, status, now],
    }
  }
}

function readPlan(row: SqlRow): HeldPlan {
  const content = JSON.parse(String(row['content'])) as Content // written by `hold`
  return {
    id: Number(row['id']),
    source: String(row['source']),
    status: String(row['status']) as HeldPlan['status'],
    digest: String(row['digest']),
    madeAt: Number(row['made_at']),
    seenAt: Number(row['seen_at']),
    expiresAt: Number(row['expires_at']),
    decidedAt: row['decided_at'] == null ? null : Number(row['decided_at']),
    run: Number(row['run']),
    kept: [],
    ...content,
  }
}

/** Plans of an older Peerage kept nothing. */
type Content = Pick<HeldPlan, 'people' | 'items' | 'effects' | 'excess' | 'prints'> &
  Partial<Pick<HeldPlan, 'kept'>>
