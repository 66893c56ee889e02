import type { Person } from '../../../person/person.ts'
import { isDialable, isRingable } from '../../../person/dialable.ts'
import type { Family } from '../family.ts'
import { likePrefix, type Question } from '../question.ts'
import type { QueueMembers } from '../queue-members.ts'
import { companyDomains, type RealtimeOptions } from '../realtime-options.ts'
import { Row } from '../row.ts'
import { fillStep, longestAppdata, usualSteps } from '../steps.ts'
import { mailboxOf, type AnsweredFrom } from './answered-from.ts'

/**
 * The dialplan: a number's steps by their priorities, as its class says. Usually that is one, which
 * jumps into the static `[peerage-ring]` of `asterisk/…/extensions.conf`, because every row that a
 * call asks for costs it milliseconds. There are no patterns and no `h`: those stand there, too.
 */
export function extensions(
  from: AnsweredFrom,
  members: QueueMembers,
  { dialplan, domainAliases }: Pick<RealtimeOptions, 'dialplan' | 'domainAliases'>,
): Family & { readonly name: 'extensions' } {
  const { people } = from
  const domains = companyDomains({ dialplan, domainAliases })
  /** What an extension of this context has behind it: nothing, or the domain of a company. */
  const suffixes = new Map([
    [dialplan.internal, ''],
    ...Object.entries(dialplan.domains).map(
      ([domain, context]) => [context, `@${domain}`] as const,
    ),
  ])
  const queueAt = new Map(
    Array.from(members.queues(), ([name, { extension }]) => [extension, name] as const),
  )

  function ring(
    context: string,
    exten: string,
    extensions: readonly string[],
    person: Person | null,
    order: 'all' | 'order',
  ): Row[] {
    // Only what cannot mean anything to the dialplan reaches it, whatever a directory holds.
    const reached = extensions.filter((extension) => isRingable(extension, domains))
    if (reached.length === 0) return []
    const own = person && from.classOf(person)
    const values = {
      mailbox: reached.length === 1 && own ? mailboxOf(person.extension ?? '', own) : '',
      seconds: String(own?.ringSeconds ?? operatorSeconds),
      order: order === 'order' && reached.length > 1 ? ',order' : '',
      number: isDialable(exten) || /^\+\d+$/.test(exten) ? exten : '',
    }
    return (own?.steps ?? usualSteps).flatMap((template, index) => {
      const step = fillLongest(template, values, reached)
      return step === null ? [] : [row(context, exten, index + 1, step)]
    })
  }

  function internal(context: string, exten: string): Row[] {
    const suffix = suffixes.get(context)
    if (suffix === undefined) return []
    const queue = suffix === '' ? queueAt.get(exten) : undefined
    if (queue !== undefined) {
      return [row(context, exten, 1, { app: 'Gosub', appdata: `peerage-queue,s,1(${queue})` })]
    }
    const person = people.byInternalId(exten + suffix)
    // A loser of a conflict may own an alias but no extension, and then has no phone to ring.
    const extension = person?.extension
    if (!extension || people.byExtension(extension) !== person) return []
    return ring(context, exten, [extension], person, 'all')
  }

  function trunk(exten: string): Row[] {
    const route = from.calls.called(exten)
    return ring(dialplan.trunk, exten, route.extensions, route.person, route.ring)
  }

  function* startingWith(context: string, prefix: string): Generator<Row> {
    const suffix = suffixes.get(context)
    if (suffix === undefined) return
    for (const exten of queueAt.keys()) {
      if (suffix === '' && exten?.startsWith(prefix)) yield* internal(context, exten)
    }
    for (const id of people.internalIds(prefix)) {
      if (id.endsWith(suffix)) yield* internal(context, id.slice(0, id.length - suffix.length))
    }
  }

  return {
    name: 'extensions',
    columns: new Set(['context', 'exten', 'priority', 'app', 'appdata']),
    exact: {
      exten: (exten, question) => {
        const context = contextOf(question) ?? dialplan.internal
        return context === dialplan.trunk ? trunk(exten) : internal(context, exten)
      },
    },
    like: {
      // `\_%` asks for patterns: there are none. `50%` asks whether a longer number may follow.
      exten: (pattern, question) => {
        const prefix = likePrefix(pattern)
        if (prefix === undefined) return undefined
        if (prefix.startsWith('_')) return []
        return startingWith(contextOf(question) ?? dialplan.internal, prefix)
      },
    },
    all: () => startingWith(dialplan.internal, ''),
  }
}

/** As many extensions as fit into a row, or Asterisk would cut the last one and lose what follows. */
function fillLongest(
  template: string,
  values: Omit<Parameters<typeof fillStep>[1], 'phones'>,
  extensions: readonly string[],
): ReturnType<typeof fillStep> | null {
  for (let count = extensions.length; count > 0; count--) {
    const step = fillStep(template, { ...values, phones: extensions.slice(0, count).join('&') })
    if (Buffer.byteLength(step.appdata) <= longestAppdata) return step
  }
  return null
}

function row(
  context: string,
  exten: string,
  priority: number,
  { app, appdata }: ReturnType<typeof fillStep>,
): Row {
  return new Row([
    ['context', context],
    ['exten', exten],
    ['priority', String(priority)],
    ['app', app],
    ['appdata', appdata],
  ])
}

function contextOf(question: Question): string | undefined {
  return question.find(({ field }) => field === 'context')?.value
}

/** For an operator who is no person of the directory. */
const operatorSeconds = 30
