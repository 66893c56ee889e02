import type { EntryProblem } from '../directory/source.ts'
import type { Database, SqlRow } from './database.ts'

/** `change`: the directory announced one; `delta`: and said which; `approval`: of a held plan. */
export type RunReason =
  'start' | 'schedule' | 'request' | 'change' | 'signal' | 'delta' | 'approval'

/** One execution of a sync, as it is kept and shown. */
export interface Run {
  readonly id: number
  readonly source: string
  readonly reason: RunReason
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly finishedAt: number
  /** `held`: it would change too much, so nothing was changed. */
  readonly outcome: 'done' | 'failed' | 'held'
  /** Why it failed or was held; null when it was neither. */
  readonly error: string | null
  /** The plan that it made, when it was held. */
  readonly plan: number | null
  readonly counts: RunCounts
  /** The first thousand; `counts.problems` has their number. */
  readonly problems: readonly EntryProblem[]
  /** What was changed, person by person: the first few hundred. Empty for the first import. */
  readonly changes: readonly PersonChange[]
}

export type RunHeadline = Omit<Run, 'problems' | 'changes'>

export interface PersonChange {
  /** What becomes of him: a `PlanItemKind` of `sync/plan.ts`. */
  readonly kind: string
  readonly id: string
  readonly name: string
  readonly extension: string | null
  readonly fields: readonly FieldChange[]
}

export interface FieldChange {
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}

export interface RunCounts {
  /** Entries that the directory returned. */
  readonly entries: number
  /** Entries that are people. */
  readonly people: number
  readonly added: number
  readonly changed: number
  /** Deleted for good. */
  readonly removed: number
  /** Not in the directory any more, and still answered. */
  readonly missing: number
  readonly back: number
  readonly disabled: number
  /** Of a complete read: changes that should have been announced before, and were not. */
  readonly healed: number
  readonly problems: number
}

const kept = 500

/** The history of runs, the newest few hundred. */
export class Runs {
  readonly #database: Database
  #last = 0

  private constructor(database: Database) {
    this.#database = database
  }

  static async open(database: Database): Promise<Runs> {
    const opened = new Runs(database)
    await opened.refresh()
    return opened
  }

  /** Another node may have added some: numbers go on after the newest. */
  async refresh(): Promise<void> {
    const [row] = await this.#database.query(
      'select max(id) as newest from (select id from runs union all select run from sources) as known',
    )
    this.#last = Number(row?.['newest'] ?? 0)
  }

  /** The number of a run that begins now. */
  begin(): number {
    return ++this.#last
  }

  async save(run: Run): Promise<void> {
    const { error, counts, problems, changes, plan } = run
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
          JSON.stringify({ error, counts, problems, changes, plan }),
        ],
      },
      // Deltas come often, and must not push out what the complete reads said.
      {
        sql: `delete from runs where (reason = 'delta') = ($1 = 'delta') and id <= coalesce(
          (select id from runs where (reason = 'delta') = ($1 = 'delta') order by id desc limit 1 offset ${kept}), 0)`,
        parameters: [run.reason],
      },
    ])
  }

  /** The newest first; with `source`, only that one's; with `before`, those with lower numbers. */
  async newest(limit: number, source?: string, before?: number): Promise<readonly Run[]> {
    const end = before ?? Number.MAX_SAFE_INTEGER
    const rows =
      source === undefined
        ? await this.#database.query('select * from runs where id < $1 order by id desc limit $2', [
            end,
            limit,
          ])
        : await this.#database.query(
            'select * from runs where id < $1 and source = $2 order by id desc limit $3',
            [end, source, limit],
          )
    return rows.map(readRun)
  }

  /** As `newest`, without what is only there to be looked at one by one. */
  async headlines(limit: number, source?: string): Promise<readonly RunHeadline[]> {
    const newest = await this.newest(limit, source)
    return newest.map(({ problems: _, changes: __, ...headline }) => headline)
  }

  /** Deltas of a source that ended since, in milliseconds since 1970; the oldest first. */
  async deltasSince(source: string, since: number): Promise<readonly Run[]> {
    const rows = await this.#database.query(
      `select * from runs where source = $1 and reason = 'delta' and finished_at > $2 and outcome = 'done' order by id`,
      [source, since],
    )
    return rows.map(readRun)
  }

  /** The outcome of a source's last complete read; undefined: there was none. */
  async lastOutcome(source: string): Promise<Run['outcome'] | undefined> {
    const [row] = await this.#database.query(
      `select outcome from runs where source = $1 and reason <> 'delta' order by id desc limit 1`,
      [source],
    )
    return row && (String(row['outcome']) as Run['outcome']) // written by `save`
  }

  /** A source's last complete read, whatever became of it. */
  async lastRead(source: string): Promise<Run | undefined> {
    const [row] = await this.#database.query(
      `select * from runs where source = $1 and reason <> 'delta' order by id desc limit 1`,
      [source],
    )
    return row && readRun(row)
  }

  async get(id: number): Promise<Run | undefined> {
    const [row] = await this.#database.query('select * from runs where id = $1', [id])
    return row && readRun(row)
  }
}

function readRun(row: SqlRow): Run {
  const report = JSON.parse(String(row['report'])) as Report
  return {
    id: Number(row['id']),
    source: String(row['source']),
    reason: String(row['reason']) as RunReason, // written by `save`, like the report
    startedAt: Number(row['started_at']),
    finishedAt: Number(row['finished_at']),
    outcome: String(row['outcome']) as Run['outcome'],
    error: report.error,
    problems: report.problems,
    // Runs of an older Peerage did not count or list everything.
    changes: report.changes ?? [],
    plan: report.plan ?? null,
    counts: { ...noCounts, ...report.counts },
  }
}

type Report = Pick<Run, 'error' | 'counts' | 'problems'> & Partial<Pick<Run, 'changes' | 'plan'>>

export const noCounts: RunCounts = {
  entries: 0,
  people: 0,
  added: 0,
  changed: 0,
  removed: 0,
  missing: 0,
  back: 0,
  disabled: 0,
  healed: 0,
  problems: 0,
}
