import { contextOf } from '../classes.ts'
import type { Family } from '../family.ts'
import { KeptAnswers } from '../kept-answers.ts'
import type { Fields } from '../codec.ts'
import type { Person } from '../../../person/person.ts'
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

/**
 * The telephone of a person as chan_pjsip knows it. Without `auth` an endpoint would need no
 * password at all, so who has no secret has no row. `notifies`: whether some class sends message
 * lamps unasked (`mwi: notify`); else Asterisk, which asks at its start for every endpoint with
 * `mailboxes`, is told at once that there are none.
 */
export function psEndpoints(
  from: AnsweredFrom,
  notifies: boolean,
): Family & { readonly name: 'ps_endpoints' } {
  const rows = new PersonRows(from, (person) => endpointFields(person, from))
  return {
    name: 'ps_endpoints',
    columns: notifies ? new Set([...columns, 'mailboxes']) : columns,
    exact: { id: (value) => rows.byExtension(value) },
    all: () => rows.all(),
    kept: new KeptAnswers('id', from.people, from.secrets),
  }
}

export function endpointFields(
  person: Person,
  { secrets, classOf }: Pick<AnsweredFrom, 'secrets' | 'classOf'>,
): Fields | null {
  const { extension } = person
  if (extension === null || secrets.sip(person.id) === undefined) return null
  const own = classOf(person)
  const { call, pickup } = groupsOf(person, own)
  const fields: Fields = [
    ['id', extension],
    ['aors', extension],
    ['auth', extension],
    ['context', contextOf(person, own)],
    ['disallow', 'all'],
    ['allow', own.codecs.join(',')],
    ['callerid', callerIdText(person)],
    // Or a phone would not hear whom it talks to after a transfer.
    ['send_pai', 'yes'],
    ['direct_media', 'no'],
    ['transport', own.transport ?? ''],
    ['language', languageOf(person, own)],
    ['moh_suggest', own.musicOnHold ?? ''],
    ['mailboxes', own.mwi === 'notify' ? mailboxOf(extension, own) : ''],
    ['call_group', numberedGroups(call)],
    ['pickup_group', numberedGroups(pickup)],
    ['named_call_group', call.join(',')],
    ['named_pickup_group', pickup.join(',')],
    ...(own.nat ? nat : []),
    ...Object.entries(own.variables).map(
      ([name, value]) => ['set_var', `${name}=${value}`] as const,
    ),
  ]
  return withFurther(fields, own.endpoint)
}

const nat = [
  ['rtp_symmetric', 'yes'],
  ['force_rport', 'yes'],
  ['rewrite_contact', 'yes'],
] as const

const columns = new Set([
  'id',
  'aors',
  'auth',
  'context',
  'disallow',
  'allow',
  'callerid',
  'send_pai',
  'direct_media',
  'transport',
  'language',
  'moh_suggest',
  'call_group',
  'pickup_group',
  'named_call_group',
  'named_pickup_group',
  'rtp_symmetric',
  'force_rport',
  'rewrite_contact',
  'set_var',
])
