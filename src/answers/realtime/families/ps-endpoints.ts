import { rowsFor, type Family } from '../family.ts'
import { KeptAnswers } from '../kept-answers.ts'
import { callerIdText, PersonRows, type AnsweredFrom } from './answered-from.ts'

/**
 * The telephone of a person as chan_pjsip knows it. Without `auth` an endpoint would need no
 * password at all, so who has no secret has no row. MWI is by SUBSCRIBE (ps_aors.mailboxes).
 */
export function psEndpoints(from: AnsweredFrom): Family {
  const rows = new PersonRows(from, (person) => {
    const { extension } = person
    if (extension === null || from.secrets.sip(person.id) === undefined) return null
    const own = from.classOf(person)
    return [
      ['id', extension],
      ['aors', extension],
      ['auth', extension],
      ['context', own.context],
      ['disallow', 'all'],
      ['allow', own.codecs.join(',')],
      ['callerid', callerIdText(person)],
      ['direct_media', 'no'],
      ['transport', own.transport ?? ''],
      ['language', person.details.language ?? own.language ?? ''],
      ['named_call_group', person.callGroups.join(',')],
      ['named_pickup_group', person.pickupGroups.join(',')],
      ...(own.nat ? nat : []),
      ...Object.entries(own.variables).map(
        ([name, value]) => ['set_var', `${name}=${value}`] as const,
      ),
    ]
  })
  const family: Family = {
    name: 'ps_endpoints',
    columns,
    exact: { id: (value) => rows.byExtension(value) },
    all: () => rows.all(),
    kept: new KeptAnswers('id', from.people, from.secrets),
    // A phone is woken by telling Asterisk that its endpoint changed, and Asterisk hands the change on
    // to us. There is nothing to keep; but told 0, it would not believe that anything changed.
    update: async (question) => (rowsFor(family, question)[Symbol.iterator]().next().done ? 0 : 1),
  }
  return family
}

const nat = [
  ['rtp_symmetric', 'yes'],
  ['force_rport', 'yes'],
  ['rewrite_contact', 'yes'],
] as const

// No `mailboxes`: Asterisk asks at its start for every endpoint that has some, and is told none.
const columns = new Set([
  'id',
  'aors',
  'auth',
  'context',
  'disallow',
  'allow',
  'callerid',
  'direct_media',
  'transport',
  'language',
  'named_call_group',
  'named_pickup_group',
  'rtp_symmetric',
  'force_rport',
  'rewrite_contact',
  'set_var',
])
