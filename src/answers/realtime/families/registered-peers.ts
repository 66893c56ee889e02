import { MultiMap } from '../../../people/multi-map.ts'
import type { People } from '../../../people/people.ts'
import type { WrittenRow, WrittenRows } from '../../../state/written-rows.ts'
import type { Fields } from '../codec.ts'
import type { Question } from '../question.ts'
import { Row } from '../row.ts'
import type { PersonRows } from './answered-from.ts'

/**
 * Peers of chan_sip and chan_iax2: people's rows, and with them the registration that Asterisk
 * keeps in the same table. It never stores one here, it only updates: a missing row is made.
 */
export class RegisteredPeers {
  readonly #people: People
  readonly #peers: PersonRows
  readonly #registrations: WrittenRows
  readonly #byAddress = new MultiMap<string, WrittenRow>()

  constructor(people: People, peers: PersonRows, registrations: WrittenRows) {
    this.#people = people
    this.#peers = peers
    this.#registrations = registrations
    const index = this.#byAddress
    for (const row of registrations.values()) if (row['ipaddr']) index.add(row['ipaddr'], row)
    registrations.onChange((_name, before, after) => {
      if (before?.['ipaddr']) index.remove(before['ipaddr'], before)
      if (after?.['ipaddr']) index.add(after['ipaddr'], after)
    })
  }

  named(extension: string): Iterable<Row> {
    return this.#withRegistration(this.#peers.byExtension(extension))
  }

  all(): Iterable<Row> {
    return this.#withRegistration(this.#peers.all())
  }

  /** A call that came in asks "whose fixed address is this?" first. Ours have none. */
  onHost(host: string): Iterable<Row> {
    return host === 'dynamic' ? this.all() : []
  }

  /** Who registered from there. */
  at(address: string): Row[] {
    return this.#byAddress.get(address).flatMap(({ name = '' }) => [...this.named(name)])
  }

  /** The registrations alone. */
  registration(name: string): Iterable<Row> {
    return toRows([this.#registrations.get(name)])
  }

  registrationsAt(address: string): Iterable<Row> {
    return toRows(this.#byAddress.get(address))
  }

  registrations(): Iterable<Row> {
    return toRows(this.#registrations.values())
  }

  /** Resolves with 1 when it is kept, 0 when there is nobody of that name. */
  async register(question: Question, fields: ReadonlyMap<string, string>): Promise<number> {
    const name = question.find(({ field, operator }) => field === 'name' && operator === '=')?.value
    if (name === undefined || !this.#people.byExtension(name)) return 0
    const known = [...fields].filter(([field]) => registrationColumns.includes(field))
    await this.#registrations.put(name, { ...Object.fromEntries(known), name }, fleeting)
    return 1
  }

  *#withRegistration(rows: Iterable<Row>): Generator<Row> {
    for (const row of rows) {
      const registration = this.#registrations.get(row.fields[0]?.[1] ?? '')
      yield registration ? new Row([...row.fields, ...registrationFields(registration)]) : row
    }
  }
}

export const registrationColumns: readonly string[] = [
  'ipaddr',
  'port',
  'regseconds',
  'defaultuser',
  'fullcontact',
  'regserver',
  'useragent',
  'lastms',
]

/** Until when, and how fast it answers. */
const fleeting = ['regseconds', 'lastms']

function registrationFields(registration: WrittenRow): Fields {
  return Object.entries(registration).filter(([field]) => field !== 'name')
}

function* toRows(rows: Iterable<WrittenRow | undefined>): Generator<Row> {
  for (const row of rows) if (row) yield new Row(Object.entries(row))
}
