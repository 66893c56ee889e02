import type { Site } from '../../person/site.ts'
import type { Contact } from '../phonebook/contact.ts'
import type { Snapshot } from '../phonebook/search/snapshot.ts'
import { sortInTurns } from '../phonebook/search/sort.ts'
import type { View } from '../phonebook/view.ts'
import { findAttribute, type Attribute } from './attributes.ts'
import type { SortKey } from './controls.ts'
import { compileFilter, type Matcher } from './match.ts'
import type { SearchRequest } from './request.ts'
import type { Place } from './tree.ts'

export interface Found {
  /** In order, found as far as they are read, in turns with whoever else asks. */
  readonly contacts: AsyncIterator<Contact, undefined>
  /** What becomes of the sort control: 0, or 16 for an attribute that there is not. */
  readonly sortCode: 0 | 16
}

/** Whoever a search in one view means. `turn` as `inTurns` gives it. */
export function findContacts(
  { scope, filter }: SearchRequest,
  place: Place,
  sort: SortKey | null,
  view: View,
  snapshot: Snapshot,
  site: Site,
  turn: () => Promise<void> | undefined,
): Found {
  const key = sort && findAttribute(sort.attribute)
  const sortCode = sort && !key ? 16 : 0
  if (filter === null) return { contacts: none(), sortCode }
  const matcher = compileFilter(filter, { site, compare: view.compare })
  if (place.kind === 'person') {
    const only = scope === 'one' ? undefined : snapshot.byId(place.id)
    return { contacts: each(only && matcher.fits(only) ? [only] : []), sortCode }
  }
  if (scope === 'base' || (scope === 'one' && place.kind !== 'view')) {
    return { contacts: none(), sortCode }
  }
  const inOrder = fitting(snapshot, matcher, turn)
  const contacts = sort && key ? sorted(inOrder, sort, key, view.compare) : inOrder
  return { contacts, sortCode }
}

async function* fitting(
  snapshot: Snapshot,
  { words, fits }: Matcher,
  turn: () => Promise<void> | undefined,
): AsyncGenerator<Contact, undefined> {
  for (const contact of snapshot.looking(words)) {
    if (contact !== null && fits(contact)) yield contact
    const pause = turn()
    if (pause) await pause
  }
}

async function* sorted(
  contacts: AsyncGenerator<Contact, undefined>,
  { isReverse }: SortKey,
  { name, values }: Attribute,
  compare: (a: string, b: string) => number,
): AsyncGenerator<Contact, undefined> {
  // The order of the view is by the shown name already.
  const isOrder = name === 'cn' || name === 'displayName'
  if (isOrder && !isReverse) return yield* contacts
  const all: { contact: Contact; by: string }[] = []
  for await (const contact of contacts) all.push({ contact, by: values(contact)[0] ?? '' })
  if (isOrder) all.reverse()
  const order = isOrder
    ? all
    : await sortInTurns(all, (a, b) => compareKeys(a.by, b.by, compare) * (isReverse ? -1 : 1))
  for (const { contact } of order) yield contact
  return undefined
}

/** Who has no value comes last (RFC 2891, 2.2). */
function compareKeys(a: string, b: string, compare: (a: string, b: string) => number): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1
  return compare(a, b)
}

async function* each(contacts: readonly Contact[]): AsyncGenerator<Contact, undefined> {
  yield* contacts
  return undefined
}

function none(): AsyncGenerator<Contact, undefined> {
  return each([])
}
