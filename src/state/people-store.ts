import type { Claim, Member } from '../people/member.ts'
import type { PeopleChange } from '../people/people.ts'
import type { Person } from '../person/person.ts'
import type { Database, SqlRow } from './database.ts'

const rowsAtOnce = 500

/** The last good people, as they were answered from when the service last knew better. */
export class PeopleStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Everybody, page by page, so that a large company does not block the start of other things. */
  async *load(): AsyncGenerator<readonly Member[]> {
    for (let last = ''; ;) {
      const rows = await this.#database.query(
        'select id, data, claims from people where id > $1 order by id limit 500',
        [last],
      )
      if (rows.length === 0) return
      yield rows.map(readMember)
      last = String(rows.at(-1)?.['id'])
    }
  }

  /**
   * Keeps a run's difference. Large ones go in several commits: every row is whole by itself, and
   * what a crash leaves out the next run finds again.
   */
  async save(change: PeopleChange, now: number): Promise<void> {
    for (let from = 0; from < change.put.length; from += rowsAtOnce) {
      const members = change.put.slice(from, from + rowsAtOnce).map(({ after }) => after)
      await this.#database.run([
        {
          sql: `insert into people (id, source, data, claims, changed_at) values ($1, $2, $3, $4, $5)
            on conflict (id) do update set source = excluded.source, data = excluded.data,
              claims = excluded.claims, changed_at = excluded.changed_at`,
          many: members.map(({ person, claims }) => [
            person.id,
            person.source,
            JSON.stringify(person),
            JSON.stringify(claims.map(({ key, kind, since }) => [key, kind, since])),
            now,
          ]),
        },
      ])
    }
    if (change.removed.length > 0) {
      await this.#database.run([
        {
          sql: 'delete from people where id = $1',
          many: change.removed.map(({ person }) => [person.id]),
        },
      ])
    }
  }

  /** When each source was last read completely, in milliseconds since 1970. */
  async readAges(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.query('select name, read_at from sources')
    return new Map(rows.map((row) => [String(row['name']), Number(row['read_at'])]))
  }

  async saveAge(source: string, readAt: number, run: number): Promise<void> {
    await this.#database.run([
      {
        sql: `insert into sources (name, read_at, run) values ($1, $2, $3)
          on conflict (name) do update set read_at = excluded.read_at, run = excluded.run`,
        parameters: [source, readAt, run],
      },
    ])
  }
}

function readMember(row: SqlRow): Member {
  // Both columns were written by `save`.
  const person = JSON.parse(String(row['data'])) as Person
  const claims = JSON.parse(String(row['claims'])) as [string, Claim['kind'], number][]
  return { person, claims: claims.map(([key, kind, since]) => ({ key, kind, since })) }
}
