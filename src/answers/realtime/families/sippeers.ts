import type { Person } from '../../../person/person.ts'
import type { Fields } from '../codec.ts'
import { contextOf } from '../classes.ts'
import { credential, usualRealm } from '../digests.ts'
import type { Family } from '../family.ts'
import {
  callerIdText,
  groupsOf,
  languageOf,
  mailboxOf,
  numberedGroups,
  PersonRows,
  withFurther,
  type AnsweredFrom,
} from './answered-from.ts'
import { RegisteredPeers, registrationColumns } from './registered-peers.ts'

/**
 * A person's telephone as chan_sip knows it. Where extconfig.conf has no `sipregs`, Asterisk keeps
 * the registration in this table too and wants it back with the peer, so both families share it.
 */
export function sippeers(from: AnsweredFrom): Family & { readonly name: 'sippeers' } {
  const peers = openPeers(from)
  return {
    name: 'sippeers',
    columns: new Set([...peerColumns, ...registrationColumns]),
    exact: {
      name: (value) => peers.named(value),
      host: (value) => peers.onHost(value),
      ipaddr: (value) => peers.at(value),
    },
    all: () => peers.all(),
    update: (question, fields) => peers.register(question, fields),
  }
}

/** Only the registrations. */
export function sipregs(from: AnsweredFrom): Family & { readonly name: 'sipregs' } {
  const peers = openPeers(from)
  return {
    name: 'sipregs',
    columns: new Set(['name', ...registrationColumns]),
    exact: {
      name: (value) => peers.registration(value),
      ipaddr: (value) => peers.registrationsAt(value),
    },
    all: () => peers.registrations(),
    update: (question, fields) => peers.register(question, fields),
  }
}

function openPeers(from: AnsweredFrom): RegisteredPeers {
  const rows = new PersonRows(from, (person) => peerFields(person, from))
  return new RegisteredPeers(from.people, rows, from.registrations)
}

export function peerFields(
  person: Person,
  { secrets, classOf }: Pick<AnsweredFrom, 'secrets' | 'classOf'>,
): Fields | null {
  const { extension } = person
  const secret = secrets.sip(person.id)
  if (extension === null || secret === undefined) return null
  const own = classOf(person)
  const { call, pickup } = groupsOf(person, own)
  const fields: Fields = [
    ['name', extension],
    ['type', 'friend'],
    ['host', 'dynamic'],
    own.auth === 'userpass'
      ? ['secret', secret]
      : ['md5secret', credential('md5', extension, own.realm ?? usualRealm, secret)],
    ['context', contextOf(person, own)],
    ['disallow', 'all'],
    ['allow', own.codecs.join(',')],
    ['callerid', callerIdText(person)],
    // Or a phone would not hear whom it talks to after a transfer.
    ['sendrpid', 'pai'],
    ['mailbox', mailboxOf(extension, own)],
    ['nat', own.nat ? 'force_rport,comedia' : ''],
    ['qualify', own.qualifySeconds === 0 ? 'no' : 'yes'],
    ['language', languageOf(person, own)],
    ['mohsuggest', own.musicOnHold ?? ''],
    ['callgroup', numberedGroups(call)],
    ['pickupgroup', numberedGroups(pickup)],
    ['namedcallgroup', call.join(',')],
    ['namedpickupgroup', pickup.join(',')],
    ...Object.entries(own.variables).map(
      ([name, value]) => ['setvar', `${name}=${value}`] as const,
    ),
  ]
  return withFurther(fields, own.peer)
}

// `insecure` and `callbackextension`, which Asterisk asks about, stay out: no peer has them.
const peerColumns = [
  'name',
  'type',
  'host',
  'secret',
  'md5secret',
  'context',
  'disallow',
  'allow',
  'callerid',
  'sendrpid',
  'mailbox',
  'nat',
  'qualify',
  'language',
  'mohsuggest',
  'callgroup',
  'pickupgroup',
  'namedcallgroup',
  'namedpickupgroup',
  'setvar',
]
