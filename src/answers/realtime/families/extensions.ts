import type { Person } from '../../../person/person.ts'
import type { Site } from '../../../person/site.ts'
import { extensionBehind } from '../../../person/did-rules.ts'
import { isDialable } from '../../../person/dialable.ts'
import { parseTrunkNumber } from '../../../person/trunk-numbers.ts'
import type { Family } from '../family.ts'
import { likePrefix, type Question } from '../question.ts'
import { Row } from '../row.ts'
import type { AnsweredFrom } from './answered-from.ts'

/** Names of the two contexts that are answered. */
export interface DialplanContexts {
  /** Extensions and aliases of people. */
  readonly internal: string
  /** Public numbers, in whatever spelling the trunk sends. */
  readonly trunk: string
}

/**
 * The dialplan: one row per number, which jumps into the static `[peerage-ring]` of
 * `asterisk/…/extensions.conf`, because every row that a call asks for costs it milliseconds.
 * Its arguments: extensions to ring (`501&502`), the mailbox (`501@default` or nothing), seconds.
 */
export function extensions(from: AnsweredFrom, site: Site, contexts: DialplanContexts): Family {
  const { people } = from

  function ring(context: string, exten: string, called: readonly Person[]): Row[] {
    // Only what cannot mean anything to the dialplan reaches it, whatever a directory holds.
    const reached = called.filter(({ extension }) => extension !== null && isChannel(extension))
    const first = reached[0]
    if (!first) return []
    const own = from.classOf(first)
    const mailbox = reached.length === 1 && own.voicemail ? `${first.extension}@default` : ''
    const ringing = reached.map(({ extension }) => extension).join('&')
    return [
      new Row([
        ['context', context],
        ['exten', exten],
        ['priority', '1'],
        ['app', 'Gosub'],
        ['appdata', `peerage-ring,s,1(${ringing},${mailbox},${own.ringSeconds})`],
      ]),
    ]
  }

  function internal(exten: string): Row[] {
    const person = people.byInternalId(exten)
    // A loser of a conflict may own an alias but no extension, and then has no phone to ring.
    const reachable = person?.extension && people.byExtension(person.extension) === person
    return reachable ? ring(contexts.internal, exten, [person]) : []
  }

  function trunk(exten: string): Row[] {
    const e164 = parseTrunkNumber(exten, site)
    if (e164 === null) return []
    const sharing = people
      .byDid(e164)
      .filter(({ extension }) => extension !== null && people.byExtension(extension))
    if (sharing.length > 0) return ring(contexts.trunk, exten, sharing)
    const extension = extensionBehind(e164, site.dids)
    const owner = extension ? people.byExtension(extension) : undefined
    return owner ? ring(contexts.trunk, exten, [owner]) : []
  }

  function inContext(question: Question, find: (context: string) => Iterable<Row>): Iterable<Row> {
    const context = question.find(({ field }) => field === 'context')?.value ?? contexts.internal
    return find(context)
  }

  return {
    name: 'extensions',
    columns: new Set(['context', 'exten', 'priority', 'app', 'appdata']),
    exact: {
      exten: (exten, question) =>
        inContext(question, (context) => {
          if (context === contexts.internal) return internal(exten)
          return context === contexts.trunk ? trunk(exten) : []
        }),
    },
    like: {
      // `\_%` asks for patterns: there are none. `50%` asks whether a longer number may follow.
      exten: (pattern, question) => {
        const prefix = likePrefix(pattern)
        if (prefix === undefined) return undefined
        if (prefix.startsWith('_')) return []
        return inContext(question, (context) =>
          context === contexts.internal ? startingWith(prefix) : [],
        )
      },
    },
    *all() {
      yield* startingWith('')
    },
  }

  function* startingWith(prefix: string): Generator<Row> {
    for (const id of people.internalIds(prefix)) yield* internal(id)
  }
}

/** `PJSIP/501@…` would mean another endpoint, so an extension with `@` has no channel. */
function isChannel(extension: string): boolean {
  return isDialable(extension) && !extension.includes('@')
}
