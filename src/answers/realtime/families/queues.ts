import type { Logger } from '../../../logger.ts'
import { isRingable } from '../../../person/dialable.ts'
import { wordText } from '../asterisk-text.ts'
import type { Fields } from '../codec.ts'
import type { Family } from '../family.ts'
import type { QueueMember, QueueMembers } from '../queue-members.ts'
import type { QueueOptions } from '../queue-options.ts'
import { Row } from '../row.ts'
import type { AnsweredFrom } from './answered-from.ts'

/** Queues as the configuration names them; app_queue asks again with every call. */
export function queues(members: QueueMembers): Family & { readonly name: 'queues' } {
  const rows = Array.from(members.queues(), ([name, options]) => queueFields(name, options))
  const table = new Map(rows.map((fields) => [fields[0]?.[1], new Row(fields)]))
  return {
    name: 'queues',
    columns: new Set(rows.flatMap((fields) => fields.map(([field]) => field))),
    exact: {
      name: (value) => [table.get(value)].filter((row) => row !== undefined),
    },
    all: () => table.values(),
  }
}

/**
 * Who is rung in a queue. Whether a member is paused and his penalty are what Asterisk wrote last,
 * in the state, and survive; the rest follows the directory.
 */
export function queueMembers(
  members: QueueMembers,
  { queueMembers: written, people }: Pick<AnsweredFrom, 'queueMembers' | 'people'>,
  log: Logger,
): Family & { readonly name: 'queue_members' } {
  const rowsOf = (list: readonly QueueMember[]) => list.flatMap((member) => memberRow(member))
  people.onChange(({ removed }) => {
    for (const { person } of removed) {
      for (const key of members.idsOf(person.id)) {
        if (written.get(key) === undefined) continue
        written.remove(key).catch((error: unknown) => {
          log.error({ problem: String(error) }, 'settings of a queue member not removed')
        })
      }
    }
  })

  function memberRow(member: QueueMember): Row[] {
    const options = members.options(member.queue)
    const fields = options && memberFields(member, options)
    if (!fields) return []
    const own = written.get(member.uniqueId) ?? {}
    return [
      new Row([
        ...fields,
        ['penalty', own['penalty'] ?? String(options.penalty)],
        ['paused', own['paused'] ?? '0'],
        ['reason_paused', own['reason_paused'] ?? ''],
        ['ringinuse', own['ringinuse'] ?? ''],
      ]),
    ]
  }

  return {
    name: 'queue_members',
    columns,
    exact: {
      uniqueid: (value) => rowsOf([members.byUniqueId(value)].filter((one) => one !== undefined)),
      queue_name: (value) => rowsOf(members.of(value)),
    },
    *all() {
      for (const [queue] of members.queues()) yield* rowsOf(members.of(queue))
    },
    async update(question, fields) {
      const key = question.find(({ field }) => field === 'uniqueid')?.value ?? ''
      if (members.byUniqueId(key) === undefined) return 0
      const known = [...fields].filter(([field, value]) => changeable[field]?.test(value))
      await written.put(key, { ...Object.fromEntries(known), uniqueid: key })
      return 1
    },
  }
}

export function queueFields(name: string, options: QueueOptions): Fields {
  const further = Object.entries(options.options).map(
    ([column, value]) =>
      [column, typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)] as const,
  )
  const own = [
    ['name', name],
    ['strategy', options.strategy],
    ['timeout', String(options.timeoutSeconds)],
    ['retry', String(options.retrySeconds)],
    ['wrapuptime', String(options.wrapupSeconds)],
    ['maxlen', String(options.maxWaiting)],
    ['ringinuse', options.ringBusy ? 'yes' : 'no'],
  ] as const
  const set = new Set(further.map(([column]) => column))
  return [...own.filter(([column]) => !set.has(column)), ...further]
}

/** Null for somebody whose extension no channel can have. */
export function memberFields(member: QueueMember, options: QueueOptions): Fields | null {
  const { uniqueId, queue, person } = member
  const extension = person.extension ?? ''
  if (!isRingable(extension)) return null
  const fill = (template: string) => template.replaceAll('{extension}', extension)
  return [
    ['uniqueid', uniqueId],
    ['queue_name', queue],
    ['interface', fill(options.interface)],
    // Stands between bars in queue_log.
    ['membername', wordText(person.name)],
    ['state_interface', fill(options.stateInterface ?? '')],
  ]
}

/** What Asterisk may write (app_queue.c, update_realtime_member_field), and in what form. */
const changeable: Readonly<Record<string, RegExp>> = {
  paused: /^[01]$/,
  penalty: /^\d{1,9}$/,
  ringinuse: /^(?:0|1|yes|no)$/,
  reason_paused: /^[^\p{Cc}]{0,79}$/u,
}

const columns = new Set([
  'uniqueid',
  'queue_name',
  'interface',
  'membername',
  'state_interface',
  'penalty',
  'paused',
  'reason_paused',
  'ringinuse',
])
