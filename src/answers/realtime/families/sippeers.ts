import { MultiMap } from '../../../people/multi-map.ts'
import type { WrittenRow, WrittenRows } from '../../../state/written-rows.ts'
import type { Fields } from '../codec.ts'
import type { Family } from '../family.ts'
import type { Question } from '../question.ts'
import { Row } from '../row.ts'
import { callerIdText, PersonRows, type AnsweredFrom } from './answered-from.ts'

/**
 * A person's telephone as chan_sip knows it. Where extconfig.conf has no `sipregs`, Asterisk keeps
 * the registration in this table too and wants it back with the peer, so both families share it.
 */
export function sippeers(from: AnsweredFrom): Family {
  const people = new PersonRows(from, (person) => {
    const { extension } = person
    const secret = from.secrets.sip(person.id)
    if (extension === null || secret === undefined) return null
    const own = from.classOf(person)
    return [
      ['name', extension],
      ['type', 'friend'],
      ['host', 'dynamic'],
      ['secret', secret],
      ['context', own.context],
      ['disallow', 'all'],
      ['allow', own.codecs.join(',')],
      ['callerid', callerIdText(person)],
      ['mailbox', own.voicemail ? `${extension}@default` : ''],
      ['nat', own.nat ? 'force_rport,comedia' : ''],
      ['qualify', own.qualifySeconds === 0 ? 'no' : 'yes'],
      ['language', person.details.language ?? own.language ?? ''],
      ['namedcallgroup', person.callGroups.join(',')],
      ['namedpickupgroup', person.pickupGroups.join(',')],
      ...Object.entries(own.variables).map(
        ([name, value]) => ['setvar', `${name}=${value}`] as const,
      ),
    ]
  })
  const registered = (extension: string): Iterable<Row> =>
    withRegistration(people.byExtension(extension), from.registrations)
  const byAddress = addressIndex(from.registrations)

  return {
    name: 'sippeers',
    columns: new Set([...peerColumns, ...registrationColumns]),
    exact: {
      name: registered,
      // An INVITE asks "whose fixed address is this?" before it asks for registered ones. Ours have none.
      host: (value) =>
        value === 'dynamic' ? withRegistration(people.all(), from.registrations) : [],
      ipaddr: (value) => byAddress.get(value).flatMap((row) => [...registered(row['name'] ?? '')]),
    },
    all: () => withRegistration(people.all(), from.registrations),
    update: (question, fields) => register(from, question, fields),
  }
}

/** Only the registrations. Asterisk never stores here, it only updates: a missing row is made. */
export function sipregs(from: AnsweredFrom): Family {
  const byAddress = addressIndex(from.registrations)
  return {
    name: 'sipregs',
    columns: new Set(['name', ...registrationColumns]),
    exact: {
      name: (value) => toRows([from.registrations.get(value)]),
      ipaddr: (value) => toRows(byAddress.get(value)),
    },
    all: () => toRows(from.registrations.values()),
    update: (question, fields) => register(from, question, fields),
  }
}

const registrationColumns = [
  'ipaddr',
  'port',
  'regseconds',
  'defaultuser',
  'fullcontact',
  'regserver',
  'useragent',
  'lastms',
]

// `insecure` and `callbackextension`, which Asterisk asks about, stay out: no peer has them.
const peerColumns = [
  'name',
  'type',
  'host',
  'secret',
  'context',
  'disallow',
  'allow',
  'callerid',
  'mailbox',
  'nat',
  'qualify',
  'language',
  'namedcallgroup',
  'namedpickupgroup',
  'setvar',
]

async function register(
  { people, registrations }: AnsweredFrom,
  question: Question,
  fields: ReadonlyMap<string, string>,
): Promise<number> {
  const name = question.find(({ field, operator }) => field === 'name' && operator === '=')?.value
  if (name === undefined || !people.byExtension(name)) return 0
  const known = [...fields].filter(([field]) => registrationColumns.includes(field))
  await registrations.put(name, { ...Object.fromEntries(known), name })
  return 1
}

function* withRegistration(rows: Iterable<Row>, registrations: WrittenRows): Generator<Row> {
  for (const row of rows) {
    const registration = registrations.get(row.fields[0]?.[1] ?? '')
    yield registration ? new Row([...row.fields, ...registrationFields(registration)]) : row
  }
}

function registrationFields(registration: WrittenRow): Fields {
  return Object.entries(registration).filter(([field]) => field !== 'name')
}

function addressIndex(registrations: WrittenRows): MultiMap<string, WrittenRow> {
  const index = new MultiMap<string, WrittenRow>()
  for (const row of registrations.values()) if (row['ipaddr']) index.add(row['ipaddr'], row)
  registrations.onChange((_name, before, after) => {
    if (before?.['ipaddr']) index.remove(before['ipaddr'], before)
    if (after?.['ipaddr']) index.add(after['ipaddr'], after)
  })
  return index
}

function* toRows(rows: Iterable<WrittenRow | undefined>): Generator<Row> {
  for (const row of rows) if (row) yield new Row(Object.entries(row))
}
