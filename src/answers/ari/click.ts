import type { People } from '../../people/people.ts'
import { isRingable } from '../../person/dialable.ts'
import { dialNumber, parseNumber } from '../../person/numbers.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import type { Calls } from '../caller/calls.ts'
import { dialplanText } from '../caller/dialplan-text.ts'
import { contextOf, type EndpointClass } from '../realtime/classes.ts'
import type { Ari } from './ari.ts'

export interface ClickDeps {
  readonly people: People
  readonly site: Site
  readonly calls: Calls
  readonly classOf: (person: Person) => EndpointClass
  readonly ari: Pick<Ari, 'client'>
}

/** Who wants to call whom. */
export interface Click {
  /** An extension or alias of his, or his login name. */
  readonly from: string
  /** An extension or alias, or a public number as it is written: `+49 30 …`, `030 …`. */
  readonly to: string
  /** Name of the Asterisk that his telephones are at; default: the first that is connected. */
  readonly asterisk?: string
}

/** A call that was begun: his telephones ring. Or why it was not. */
export type Clicked =
  | { readonly asterisk: string; readonly channel: string; readonly dials: string }
  | { readonly problem: 'nobody' | 'no number' | 'away'; readonly text: string }

/**
 * Rings a person's telephones, and when he answers dials as if he had dialled there: in his own
 * context, so that nobody reaches more by a click than by hand. Rejects with `AriFailed` and
 * `AriUnreachable`.
 */
export async function click({ from, to, asterisk }: Click, deps: ClickDeps): Promise<Clicked> {
  const { people, calls, classOf, ari } = deps
  const person = personOf(from, people)
  const extension = person?.extension ?? null
  if (!person || extension === null || !isRingable(extension)) {
    return { problem: 'nobody', text: `'${from}' is nobody with a telephone of his own` }
  }
  const dials = dialledFor(to, deps)
  if (dials === null) return { problem: 'no number', text: `'${to}' cannot be dialled` }
  const found = ari.client(asterisk)
  if (!found) {
    const which = asterisk === undefined ? 'no Asterisk' : `the Asterisk '${asterisk}'`
    return { problem: 'away', text: `${which} is connected by ARI; see GET /api/asterisk` }
  }
  const own = classOf(person)
  const { name } = calls.caller(to, { isInside: true, to: extension })
  const channel = await found.client.ask('channels', 'originate', {
    endpoint: `Local/${extension}@peerage-click`,
    context: 'peerage-click-dial',
    extension: dials,
    priority: 1,
    timeout: own.ringSeconds,
    // What his telephones show while they ring.
    callerId: `"${name ?? dials}" <${dials}>`,
    variables: {
      __PEERAGE_FROM: extension,
      __PEERAGE_FROM_NAME: dialplanText(person.name),
      __PEERAGE_CONTEXT: contextOf(person, own),
      __PEERAGE_SECONDS: String(own.ringSeconds),
    },
  })
  return { asterisk: found.asterisk, channel: idOf(channel), dials }
}

function personOf(from: string, people: People): Person | undefined {
  const byId = people.byInternalId(from)
  if (byId) return byId
  const [user, ...more] = people.byUser(from).filter(({ disabled }) => disabled === null)
  return more.length === 0 ? user : undefined
}

/** As his telephone would dial it; null: not at all. */
function dialledFor(to: string, { people, site, calls }: ClickDeps): string | null {
  const known = people.byInternalId(to)
  if (known?.extension && isRingable(known.extension)) return known.extension
  // As the one who has it is known; a stranger's as it is written, and not as it is dialled.
  const { match } = calls.caller(to, { isInside: true })
  const read = parseNumber(to, site)
  const e164 = match.how === 'nobody' ? read.e164 : (match.e164 ?? read.e164)
  const { extension, service } = read
  const dialled = e164 === null ? (extension ?? service) : dialNumber(e164, site)
  return dialled !== null && /^[+*#\d]{1,40}$/.test(dialled) ? dialled : null
}

function idOf(channel: unknown): string {
  const id = typeof channel === 'object' && channel !== null && 'id' in channel ? channel.id : ''
  return typeof id === 'string' ? id : ''
}
