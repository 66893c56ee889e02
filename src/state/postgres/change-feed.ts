import type { Database, SqlRow } from '../database.ts'
import { tables, type TableName } from '../tables.ts'

/** What other nodes changed. `lost`: more than is known, everything has to be read again. */
export type Changes = ReadonlyMap<TableName, readonly string[]> | 'lost'

/** How many are read at once; who is further behind reads again. */
const atOnce = 5_000

/** A change that was read is a change that everybody has had an hour to read. */
export const keptMs = 3_600_000

/**
 * Has PostgreSQL itself note every change in the table `changes`: no writer can forget to, and one
 * who uses psql is followed as well. Whoever listens to `peerage` is nudged.
 */
export async function openChangeFeed(database: Database): Promise<void> {
  const [row] = await database.query('select count(*) as count from pg_trigger where tgname = $1', [
    trigger,
  ])
  if (row?.['count'] === tables.length) return
  await database.run([
    { sql: 'create sequence if not exists changes_seq' },
    { sql: noteChange },
    ...tables.map(({ name, key }) => ({
      sql: `create or replace trigger ${trigger} after insert or update or delete on ${name}
        for each row execute function peerage_note_change('${key[0]}')`,
    })),
  ])
}

const trigger = 'peerage_note_change'

// The lock (see postgres.ts) makes the order of numbers the order of commits, also for others' writes.
const noteChange = `create or replace function peerage_note_change() returns trigger
language plpgsql as $note$
declare changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  perform pg_advisory_xact_lock(8070, 1);
  insert into changes (seq, node, family, key, at) values (
    nextval('changes_seq'), coalesce(current_setting('peerage.node', true), ''), tg_table_name,
    changed ->> tg_argv[0], (extract(epoch from clock_timestamp()) * 1000)::bigint);
  perform pg_notify('peerage', '');
  return null;
end $note$`

/** Follows the changes of all but one node, from now on. */
export class ChangeReader {
  readonly #database: Database
  readonly #node: string
  #last: number
  #server: string

  private constructor(database: Database, node: string, { last, server }: Position) {
    this.#database = database
    this.#node = node
    this.#last = last
    this.#server = server
  }

  /** What is in the state already counts as known: to be opened before anything is read. */
  static async open(database: Database, node: string): Promise<ChangeReader> {
    return new ChangeReader(database, node, await position(database))
  }

  /** What came since; null when nothing did. */
  async take(): Promise<Changes | null> {
    const now = await position(this.#database)
    // Numbers that are not there any more may have been anything. A server that was started anew
    // may be another one, which lacks what was committed last.
    const isLost = now.server !== this.#server || now.last < this.#last
    if (isLost || (now.first !== null && now.first > this.#last + 1 && now.last > this.#last)) {
      this.#last = now.last
      this.#server = now.server
      return 'lost'
    }
    if (now.last === this.#last) return null
    const rows = await this.#database.query(
      'select seq, node, family, key from changes where seq > $1 order by seq limit $2',
      [this.#last, atOnce],
    )
    this.#last = Number(rows.at(-1)?.['seq'] ?? this.#last)
    return byTable(rows.filter((row) => row['node'] !== this.#node))
  }
}

interface Position {
  readonly first: number | null
  readonly last: number
  readonly server: string
}

async function position(database: Database): Promise<Position> {
  const [row] = await database.query(
    `select min(seq) as first, max(seq) as last, pg_postmaster_start_time()::text as server
      from changes`,
  )
  const first = row?.['first'] ?? null
  return {
    first: first === null ? null : Number(first),
    last: Number(row?.['last'] ?? 0),
    server: String(row?.['server']),
  }
}

function byTable(rows: readonly SqlRow[]): ReadonlyMap<TableName, readonly string[]> {
  const keys = new Map<TableName, Set<string>>()
  for (const row of rows) {
    const table = String(row['family']) as TableName // the trigger is on these tables only
    keys.set(table, (keys.get(table) ?? new Set()).add(String(row['key'])))
  }
  return new Map(Array.from(keys, ([table, set]) => [table, [...set]]))
}

/** Forgets what everybody has had the time to read; the newest stays, so that numbers go on. */
export async function pruneChanges(database: Database, now: number): Promise<void> {
  await database.run([
    {
      sql: 'delete from changes where at < $1 and seq < (select max(seq) from changes)',
      parameters: [now - keptMs],
    },
  ])
}
