import type { Site } from '../../person/site.ts'
import type { Contact } from '../phonebook/contact.ts'
import type { Snapshot } from '../phonebook/search/snapshot.ts'
import { sortInTurns } from '../../sort-in-turns.ts'
import type { Turn } from '../../turns.ts'
import type { View } from '../phonebook/view.ts'
import { findAttribute, type Attribute } from './attributes.ts'
import type { SortKey } from './controls.ts'
import { compileFilter, type Matcher } from './match.ts'
import type { SearchRequest } from './request.ts'
import type { Place } from './tree.ts'

export interface Found {
  /** In order, found as far as they are read; a null is a moment to let others work. */
  readonly contacts: Iterator<Contact | null, undefined>
  /** What becomes of the sort control: 0, or 16 for an attribute that there is not. */
  readonly sortCode: 0 | 16
}

/** Whoever a search in one view means. */
export async function findContacts(
  { scope, filter }: SearchRequest,
  place: Place,
  sort: SortKey | null,
  view: View,
  snapshot: Snapshot,
  site: Site,
  turn: Turn,
): Promise<Found> {
  const key = sort && findAttribute(sort.attribute)
  const sortCode = sort && !key ? 16 : 0
  const isPerson = place.kind === 'person'
  const isNobody = isPerson ? scope === 'one' : scope === 'base'
  if (filter === null || isNobody) return { contacts: each([]), sortCode }
  const matcher = compileFilter(filter, { site, compare: view.compare })
  if (isPerson) {
    const only = snapshot.byId(place.id)
    return { contacts: each(only && matcher.fits(only) ? [only] : []), sortCode }
  }
  if (scope === 'one' && place.kind === 'top') return { contacts: each([]), sortCode }
  const inOrder = fitting(snapshot, matcher)
  if (!sort || !key) return { contacts: inOrder, sortCode }
  return { contacts: await sorted(inOrder, sort, key, view.compare, turn), sortCode }
}

function* fitting(
  snapshot: Snapshot,
  { words, fits }: Matcher,
): Generator<Contact | null, undefined> {
  let missed = 0
  for (const contact of snapshot.looking(words)) {
    if (contact === null || fits(contact)) yield contact
    else if (++missed % 64 === 0) yield null
  }
}

async function sorted(
  contacts: Generator<Contact | null, undefined>,
  { isReverse }: SortKey,
  { name, values }: Attribute,
  compare: (a: string, b: string) => number,
  turn: Turn,
): Promise<Iterator<Contact | null, undefined>> {
  // The order of the view is by the shown name already.
  const isOrder = name === 'cn' || name === 'displayName'
  if (isOrder && !isReverse) return contacts
  const all: { contact: Contact; by: string }[] = []
  for (const contact of contacts) {
    if (contact) all.push({ contact, by: values(contact)[0] ?? '' })
    else await turn()
  }
  if (isOrder) return each(all.reverse().map(({ contact }) => contact))
  const sign = isReverse ? -1 : 1
  const order = await sortInTurns(all, (a, b) => compareKeys(a.by, b.by, compare) * sign, turn)
  return each(order.map(({ contact }) => contact))
}

/** Who has no value is the last, or the first backwards (RFC 2891, 2.2). */
function compareKeys(a: string, b: string, compare: (a: string, b: string) => number): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1
  return compare(a, b)
}

function* each(contacts: readonly Contact[]): Generator<Contact, undefined> {
  yield* contacts
  return undefined
}
