import { createHash } from 'node:crypto'
import type { Logger } from '../../../logger.ts'
import { MultiMap } from '../../../people/multi-map.ts'
import type { WrittenRow } from '../../../state/written-rows.ts'
import type { Family } from '../family.ts'
import type { Question } from '../question.ts'
import { Row } from '../row.ts'
import type { AnsweredFrom } from './answered-from.ts'
import { GoneContacts } from './gone-contacts.ts'

/**
 * Registrations of phones, written by chan_pjsip and read back after its restart. The id is
 * `{aor};@{md5 of the contact's URI}`, so the same phone has the same id again.
 *
 * Asterisk takes the number of *matched* rows for success: told 0 for an update it deletes the
 * contact (res_pjsip_registrar.c), so an update of a row that we lost makes it anew.
 */
export function psContacts(
  { contacts, now }: Pick<AnsweredFrom, 'contacts' | 'now'>,
  log: Logger,
): Family & { readonly name: 'ps_contacts' } {
  const gone = new GoneContacts(now)
  const byAor = new MultiMap<string, WrittenRow>()
  for (const row of contacts.values()) byAor.add(aorOf(row['id'] ?? ''), row)
  contacts.onChange((id, before, after) => {
    if (before) byAor.remove(aorOf(id), before)
    if (after) byAor.add(aorOf(id), after)
    gone.follow(id, before, after)
  })

  async function put(id: string | undefined, fields: ReadonlyMap<string, string>): Promise<number> {
    if (id === undefined || id === '') return 0
    const cut = ['uri', 'path'].find((field) => cameCut(id, field, fields.get(field) ?? ''))
    if (cut !== undefined) {
      // Told 0, Asterisk answers the phone without a Contact. Kept, no call would find the phone.
      log.warn({ contact: id, field: cut, problem: tooLong }, 'registration not kept')
      return 0
    }
    const known = [...fields].filter(([field]) => columns.has(field))
    await contacts.put(id, { ...Object.fromEntries(known), id }, fleeting)
    if (now() - cleanedAt > cleanEveryMs) await clean(id)
    return 1
  }

  // Asterisk destroys what ran out, half a minute later. What is left longer is of an Asterisk that
  // was taken out of service, or of one that could not reach us then.
  let cleanedAt = 0
  async function clean(written: string): Promise<void> {
    cleanedAt = now()
    const latest = cleanedAt / 1000 - forgottenAfterSeconds
    const forgotten = [...contacts.values()].filter(
      ({ id, expiration_time: at = '' }) =>
        id !== written && /^\d+$/.test(at) && Number(at) < latest,
    )
    if (forgotten.length === 0) return
    try {
      await Promise.all(
        forgotten.map(({ id = '' }) => gone.whileDestroyed(id, () => contacts.remove(id))),
      )
      log.info({ contacts: forgotten.length }, 'contacts that ran out long ago were dropped')
    } catch (error) {
      log.error({ problem: String(error) }, 'contacts that ran out long ago were not dropped')
    }
  }

  return {
    name: 'ps_contacts',
    columns,
    exact: {
      id: (value) => toRows([contacts.get(value)]),
      endpoint: (value) =>
        toRows([...contacts.values()].filter((row) => row['endpoint'] === value)),
    },
    like: {
      id: (pattern) => {
        // Asterisk does not escape `_` and `%` in names of AORs: what stands before `;@%` is meant
        // literally, or a_b would be handed the contacts of axb.
        const aor = /^(.*);@%$/s.exec(pattern)?.[1]
        return aor === undefined ? undefined : toRows(byAor.get(aor))
      },
    },
    all(question) {
      const at = ranOutAt(question)
      if (at === undefined) return toRows(contacts.values())
      // Asked every few seconds, for very few out of very many.
      const ranOut = [...contacts.values()].filter((row) => Number(row['expiration_time']) <= at)
      return toRows([...ranOut, ...gone.rows()])
    },
    update: (question, fields) => put(idOf(question), fields),
    store: (fields) => put(fields.get('id'), fields),
    async destroy(question) {
      const id = idOf(question)
      if (id === undefined) return 0
      return (await gone.whileDestroyed(id, () => contacts.remove(id))) ? 1 : 0
    },
  }
}

const columns = new Set([
  'id',
  'uri',
  'expiration_time',
  'qualify_frequency',
  'qualify_timeout',
  'qualify_2xx_only',
  'authenticate_qualify',
  'outbound_proxy',
  'path',
  'user_agent',
  'reg_server',
  'via_addr',
  'via_port',
  'call_id',
  'endpoint',
  'prune_on_boot',
])

/** What differs when a phone registers again; no call depends on the latter. */
const fleeting = ['expiration_time', 'call_id']

const cleanEveryMs = 3_600_000
const forgottenAfterSeconds = 86_400

const tooLong =
  'Asterisk cuts what it sends at 255 characters; keep contacts in its own database (sorcery.conf: contact=astdb,registrar)'

/**
 * Whether Asterisk sent only the beginning (`buf2[256]` in res_config_curl.c). It never ends within
 * an escape, so what was cut has 253 to 255 characters. A contact's id has the MD5 of its whole URI
 * in it, which tells a cut one from one that is just that long; a path has nothing of the kind.
 */
function cameCut(id: string, field: string, value: string): boolean {
  if (encodeURIComponent(value.toWellFormed()).length < 253) return false
  const digest = /;@([0-9a-f]{32})$/.exec(id)?.[1]
  if (field !== 'uri' || digest === undefined) return true
  return createHash('md5').update(value).digest('hex') !== digest
}

function idOf(question: Question): string | undefined {
  return question.find(({ field, operator }) => field === 'id' && operator === '=')?.value
}

/** Asked for those that ran out, until when; Unix seconds. */
function ranOutAt(question: Question): number | undefined {
  const until = question.find(
    ({ field, operator }) => field === 'expiration_time' && operator === '<=',
  )?.value
  return until === undefined ? undefined : Number(until)
}

function aorOf(id: string): string {
  const end = id.lastIndexOf(';@')
  return end === -1 ? id : id.slice(0, end)
}

function* toRows(rows: Iterable<WrittenRow | undefined>): Generator<Row> {
  for (const row of rows) if (row) yield new Row(Object.entries(row))
}
