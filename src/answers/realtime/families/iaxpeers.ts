import type { Family } from '../family.ts'
import {
  callerIdText,
  languageOf,
  mailboxOf,
  PersonRows,
  type AnsweredFrom,
} from './answered-from.ts'
import { RegisteredPeers, registrationColumns } from './registered-peers.ts'

/**
 * A person's telephone as chan_iax2 knows it, which asks two tables: `iaxpeers` to register and to
 * be called, `iaxusers` to call. IAX2 needs the secret itself (its challenge changes each time), so
 * who is in a class that hands out digests only has no row.
 */
export function iaxpeers<Name extends 'iaxpeers' | 'iaxusers'>(
  name: Name,
  from: AnsweredFrom,
): Family & { readonly name: Name } {
  const rows = new PersonRows(from, (person) => {
    const { extension } = person
    const secret = from.secrets.sip(person.id)
    const own = from.classOf(person)
    if (extension === null || secret === undefined || own.auth !== 'userpass') return null
    return [
      ['name', extension],
      ['type', 'friend'],
      ['host', 'dynamic'],
      ['auth', 'md5'],
      ['username', extension],
      ['secret', secret],
      ['context', own.context],
      ['disallow', 'all'],
      ['allow', own.codecs.join(',')],
      ['callerid', callerIdText(person)],
      ['mailbox', mailboxOf(extension, own)],
      ['language', languageOf(person, own)],
      ['mohsuggest', own.musicOnHold ?? ''],
      ...Object.entries(own.variables).map(
        ([key, value]) => ['setvar', `${key}=${value}`] as const,
      ),
    ]
  })
  const peers = new RegisteredPeers(from.people, rows, from.iaxRegistrations)
  return {
    name,
    columns,
    exact: {
      name: (value) => peers.named(value),
      host: (value) => peers.onHost(value),
      ipaddr: (value) => peers.at(value),
    },
    all: () => peers.all(),
    update: (question, fields) => peers.register(question, fields),
  }
}

const columns = new Set([
  'name',
  'type',
  'host',
  'auth',
  'username',
  'secret',
  'context',
  'disallow',
  'allow',
  'callerid',
  'mailbox',
  'language',
  'mohsuggest',
  'setvar',
  ...registrationColumns,
])
