import type { Database, SqlRow } from './database.ts'

export type NoticeEvent = 'failure' | 'recovery' | 'held' | 'expired'

/** Something that administrators are told of, once. */
export interface Notice {
  readonly id: number
  readonly source: string
  readonly event: NoticeEvent
  readonly run: number
  /** Of `held` and `expired`. */
  readonly plan: number | null
  /** Milliseconds since 1970. */
  readonly at: number
  /** What happened, in one sentence. Holds text of the directory, never a secret. */
  readonly text: string
}

const kept = 500

/** What was told, and what is still to be delivered to whom. */
export class NoticeBook {
  readonly #database: Database
  #last = 0

  private constructor(database: Database) {
    this.#database = database
  }

  static async open(database: Database): Promise<NoticeBook> {
    const opened = new NoticeBook(database)
    await opened.refresh()
    return opened
  }

  /** Another node may have added some: numbers go on after the newest. */
  async refresh(): Promise<void> {
    const [row] = await this.#database.query('select max(id) as newest from notices')
    this.#last = Number(row?.['newest'] ?? 0)
  }

  /** Keeps a notice, to be delivered through each of the channels. */
  async add(notice: Omit<Notice, 'id'>, channels: readonly string[]): Promise<Notice> {
    const id = ++this.#last
    const { source, event, run, plan, at, text } = notice
    await this.#database.run([
      {
        sql: `insert into notices (id, source, event, run, plan, at, text)
          values ($1, $2, $3, $4, $5, $6, $7)`,
        parameters: [id, source, event, run, plan, at, text],
      },
      {
        sql: 'insert into notice_deliveries (notice, channel) values ($1, $2)',
        many: channels.map((channel) => [id, channel]),
      },
      { sql: 'delete from notices where id <= $1', parameters: [id - kept] },
      { sql: 'delete from notice_deliveries where notice <= $1', parameters: [id - kept] },
    ])
    return { id, ...notice }
  }

  /** What a channel has not taken yet, the oldest first. */
  async waiting(channel: string): Promise<readonly Notice[]> {
    const rows = await this.#database.query(
      `select notices.* from notices join notice_deliveries on notice = id
        where channel = $1 order by id`,
      [channel],
    )
    return rows.map(readNotice)
  }

  /** The channel took it, or never will. */
  async delivered(notice: number, channel: string): Promise<void> {
    await this.#database.run([
      {
        sql: 'delete from notice_deliveries where notice = $1 and channel = $2',
        parameters: [notice, channel],
      },
    ])
  }

  /** The newest notice of one of these events. */
  async newest(source: string, events: readonly NoticeEvent[]): Promise<Notice | undefined> {
    const places = events.map((_, index) => `$${index + 2}`).join(', ')
    const [row] = await this.#database.query(
      `select * from notices where source = $1 and event in (${places}) order by id desc limit 1`,
      [source, ...events],
    )
    return row && readNotice(row)
  }

  /** Plans that somebody was told of, that nobody decided about in time, and nobody was told that. */
  async untoldExpiries(now: number): Promise<readonly ExpiredPlan[]> {
    const rows = await this.#database.query(
      `select id, source, run from plans
        where (status = 'expired' or (status = 'held' and expires_at <= $1))
        and exists (select 1 from notices where event = 'held' and plan = plans.id)
        and not exists (select 1 from notices where event = 'expired' and plan = plans.id)
        order by id`,
      [now],
    )
    return rows.map((row) => ({
      plan: Number(row['id']),
      source: String(row['source']),
      run: Number(row['run']),
    }))
  }
}

export interface ExpiredPlan {
  readonly plan: number
  readonly source: string
  /** That made it. */
  readonly run: number
}

function readNotice(row: SqlRow): Notice {
  return {
    id: Number(row['id']),
    source: String(row['source']),
    event: String(row['event']) as NoticeEvent, // written by `add`
    run: Number(row['run']),
    plan: row['plan'] == null ? null : Number(row['plan']),
    at: Number(row['at']),
    text: String(row['text']),
  }
}
