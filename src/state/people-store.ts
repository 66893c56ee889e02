import type { JoinRule } from '../people/join-rule.ts'
import type { Claim, Member } from '../people/member.ts'
import type { PeopleChange } from '../people/people.ts'
import type { Standing } from '../people/standing.ts'
import type { Person } from '../person/person.ts'
import type { Database, SqlRow, SqlValue, Statement } from './database.ts'

const rowsAtOnce = 500

/** The last good people, as they were answered from when the service last knew better. */
export class PeopleStore {
  readonly #database: Database
  readonly #synced: Database

  /** `synced`: the same database for what only the node writes that synchronises. */
  constructor(database: Database, synced: Database = database) {
    this.#database = database
    this.#synced = synced
  }

  /** Everybody, page by page, so that a large company does not block the start of other things. */
  async *load(): AsyncGenerator<readonly Member[]> {
    for (let last = ''; ;) {
      const rows = await this.#database.query(
        'select id, data, claims, standing from people where id > $1 order by id limit 500',
        [last],
      )
      if (rows.length === 0) return
      yield rows.map(readMember)
      last = String(rows.at(-1)?.['id'])
    }
  }

  /** Those of them who are kept. */
  async read(ids: readonly string[]): Promise<readonly Member[]> {
    const members: Member[] = []
    for (let from = 0; from < ids.length; from += rowsAtOnce) {
      const some = ids.slice(from, from + rowsAtOnce)
      const places = some.map((_, index) => `$${index + 1}`).join(', ')
      const rows = await this.#database.query(
        `select id, data, claims, standing from people where id in (${places})`,
        some,
      )
      members.push(...rows.map(readMember))
    }
    return members
  }

  /**
   * Keeps a run's difference, and with `age` how far the source was read. Large ones go in several
   * commits: every row is whole by itself, what a crash leaves out the next run finds again, and
   * the age comes with the last of them. Whoever is removed loses his secrets in the same commit.
   */
  async save(change: PeopleChange, now: number, age?: SourceAge): Promise<void> {
    const { put, removed } = change
    const cut = put.length - (put.length % rowsAtOnce)
    for (let from = 0; from < cut; from += rowsAtOnce) {
      await this.#synced.run(putStatements(put.slice(from, from + rowsAtOnce), now))
    }
    const gone = removed.map(({ person }) => [person.id])
    const last = [
      ...putStatements(put.slice(cut), now),
      ...(gone.length === 0
        ? []
        : [
            { sql: 'delete from people where id = $1', many: gone },
            { sql: 'delete from secrets where person = $1', many: gone },
          ]),
      ...(age === undefined ? [] : [ageStatement(age)]),
    ]
    if (last.length > 0) await this.#synced.run(last)
  }

  /** Names of sources that somebody who is kept comes from. */
  async sources(): Promise<readonly string[]> {
    const rows = await this.#database.query('select distinct source from people order by source')
    return rows.map((row) => String(row['source']))
  }

  /** Everybody of a source is gone, with the secrets; to read it again would be a first import. */
  async forgetSource(name: string): Promise<void> {
    const parameters = [name]
    await this.#synced.run([
      {
        sql: 'delete from secrets where person in (select id from people where source = $1)',
        parameters,
      },
      { sql: 'delete from people where source = $1', parameters },
      { sql: 'delete from sources where name = $1', parameters },
      { sql: 'delete from joins where source = $1', parameters },
    ])
  }

  /**
   * The rules in force: those given, and those of sources that are not configured any more, whose
   * people are still there.
   */
  async keepJoins(
    rules: readonly JoinRule[],
    configured: readonly string[],
  ): Promise<readonly JoinRule[]> {
    const rows = await this.#database.query('select rule from joins')
    const before = rows.map((row) => JSON.parse(String(row['rule'])) as JoinRule) // written below
    const still = before.filter(({ source, to }) => {
      return !configured.includes(source) && configured.includes(to)
    })
    const kept = [...rules, ...still]
    const isSame = JSON.stringify(before) === JSON.stringify(kept)
    if (!isSame) {
      const many = kept.map((rule) => [rule.source, JSON.stringify(rule)])
      await this.#database.run([
        { sql: 'delete from joins' },
        { sql: 'insert into joins (source, rule) values ($1, $2)', many },
      ])
    }
    return kept
  }

  /** How far each source was read. */
  async readSources(): Promise<ReadonlyMap<string, SourceAge>> {
    const rows = await this.#database.query('select name, read_at, run, clock, reads from sources')
    return new Map(
      rows.map((row) => [
        String(row['name']),
        {
          source: String(row['name']),
          run: Number(row['run']),
          readAt: Number(row['read_at']),
          clock: Number(row['clock']),
          reads: Number(row['reads']),
        },
      ]),
    )
  }

  /** When each source was last read completely, in milliseconds since 1970. */
  async readAges(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.query('select name, read_at from sources')
    return new Map(rows.map((row) => [String(row['name']), Number(row['read_at'])]))
  }
}

/** When a source was last read completely, and what its clock says (`sync/source-clock.ts`). */
export interface SourceAge {
  readonly source: string
  readonly run: number
  /** Milliseconds since 1970. */
  readonly readAt: number
  readonly clock: number
  readonly reads: number
}

function putStatements(put: PeopleChange['put'], now: number): Statement[] {
  if (put.length === 0) return []
  const sql = `insert into people (id, source, data, claims, standing, changed_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (id) do update set source = excluded.source, data = excluded.data,
      claims = excluded.claims, standing = excluded.standing, changed_at = excluded.changed_at`
  return [{ sql, many: put.map(({ after }) => [...rowOf(after), now]) }]
}

function rowOf({ person, claims, standing }: Member): SqlValue[] {
  return [
    person.id,
    person.source,
    JSON.stringify(person),
    JSON.stringify(claims.map(({ key, kind, since }) => [key, kind, since])),
    standing === undefined ? null : JSON.stringify(standing),
  ]
}

function ageStatement({ source, readAt, run, clock, reads }: SourceAge): Statement {
  return {
    sql: `insert into sources (name, read_at, run, clock, reads) values ($1, $2, $3, $4, $5)
      on conflict (name) do update set read_at = excluded.read_at, run = excluded.run,
        clock = excluded.clock, reads = excluded.reads`,
    parameters: [source, readAt, run, clock, reads],
  }
}

function readMember(row: SqlRow): Member {
  // All of them were written by `save`.
  const person = JSON.parse(String(row['data'])) as Person
  const claims = JSON.parse(String(row['claims'])) as [string, Claim['kind'], number][]
  const standing = row['standing']
  return {
    person,
    claims: claims.map(([key, kind, since]) => ({ key, kind, since })),
    ...(typeof standing === 'string' ? { standing: JSON.parse(standing) as Standing } : {}),
  }
}
