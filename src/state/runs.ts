import type { EntryProblem } from '../directory/source.ts'
import type { Database } from './database.ts'

export type RunReason = 'start' | 'schedule' | 'request' | 'change' | 'signal'

/** One execution of a sync, as it is kept and shown. */
export interface Run {
  readonly id: number
  readonly source: string
  readonly reason: RunReason
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly finishedAt: number
  readonly outcome: 'done' | 'failed'
  /** Why it failed; null when it did not. */
  readonly error: string | null
  readonly counts: RunCounts
  /** The first thousand; `counts.problems` has their number. */
  readonly problems: readonly EntryProblem[]
}

export interface RunCounts {
  /** Entries that the directory returned. */
  readonly entries: number
  /** Entries that are people. */
  readonly people: number
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly problems: number
}

const kept = 500

/** The history of runs, the newest few hundred. */
export class Runs {
  readonly #database: Database
  #last: number

  private constructor(database: Database, last: number) {
    this.#database = database
    this.#last = last
  }

  static async open(database: Database): Promise<Runs> {
    const [row] = await database.query(
      'select max(id) as newest from (select id from runs union all select run from sources) as known',
    )
    return new Runs(database, Number(row?.['newest'] ?? 0))
  }

  /** The number of a run that begins now. */
  begin(): number {
    return ++this.#last
  }

  async save(run: Run): Promise<void> {
    const { error, counts, problems } = run
    await this.#database.run([
      {
        sql: `insert into runs (id, source, reason, started_at, finished_at, outcome, report)
          values ($1, $2, $3, $4, $5, $6, $7)`,
        parameters: [
          run.id,
          run.source,
          run.reason,
          run.startedAt,
          run.finishedAt,
          run.outcome,
          JSON.stringify({ error, counts, problems }),
        ],
      },
      { sql: 'delete from runs where id <= $1', parameters: [run.id - kept] },
    ])
  }

  /** The newest first. */
  async newest(limit: number): Promise<readonly Run[]> {
    const rows = await this.#database.query('select * from runs order by id desc limit $1', [limit])
    return rows.map((row) => ({
      id: Number(row['id']),
      source: String(row['source']),
      reason: String(row['reason']) as RunReason, // written by `save`, like the report
      startedAt: Number(row['started_at']),
      finishedAt: Number(row['finished_at']),
      outcome: String(row['outcome']) as Run['outcome'],
      ...(JSON.parse(String(row['report'])) as Pick<Run, 'error' | 'counts' | 'problems'>),
    }))
  }
}
