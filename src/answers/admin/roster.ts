import type { Member } from '../../people/member.ts'
import type { People, PeopleChange } from '../../people/people.ts'
import { lifecycleOf } from '../../people/standing.ts'
import { fold, spellings } from '../phonebook/search/fold.ts'
import { sortInTurns } from '../../sort-in-turns.ts'
import { inTurns } from '../../turns.ts'

/** Somebody as he is listed: `text` is what he is found by. */
export interface Listed {
  readonly member: Member
  readonly key: string
  readonly text: string
}

export const rosterFilters = [
  'all',
  'active',
  'disabled',
  'missing',
  'unmanaged',
  'noExtension',
  'conflict',
] as const
export type RosterFilter = (typeof rosterFilters)[number]

/** `id` never changes: who goes through everybody by it misses nobody who is renamed meanwhile. */
export const rosterOrders = ['id', 'name'] as const
export type RosterOrder = (typeof rosterOrders)[number]

/** So many changes are worked into the order; with more it is made anew. */
const mostChanges = 500

/**
 * Everybody in the order of their names, the disabled too. Made in short turns when it is first
 * asked for, so that calls get in between.
 */
export class Roster implements Disposable {
  readonly #people: People
  readonly #stop: () => void
  #base: readonly Listed[] | null = null
  #byId: { readonly of: readonly Listed[]; readonly list: readonly Listed[] } | null = null
  #building: Promise<void> | null = null
  #isOvertaken = false
  #changed = new Set<string>()

  constructor(people: People) {
    this.#people = people
    this.#stop = people.onChange((change) => this.#note(change))
  }

  async everybody(): Promise<readonly Listed[]> {
    while (this.#base === null) await (this.#building ??= this.#build())
    if (this.#changed.size > 0) this.#base = this.#mended(this.#base)
    return this.#base
  }

  /** Begins with the order before anybody waits for it. */
  warm(): void {
    void this.everybody()
  }

  /** Who has all the words of a query somewhere, and is what the filter says. */
  async find(
    query: string,
    filter: RosterFilter,
    order: RosterOrder = 'name',
  ): Promise<readonly Listed[]> {
    const everybody = await (order === 'name' ? this.everybody() : this.#everybodyById())
    const words = fold(query).split(' ').filter(Boolean)
    if (words.length === 0 && filter === 'all') return everybody
    const test = this.#test(filter)
    const found: Listed[] = []
    const turn = inTurns()
    for (const [at, listed] of everybody.entries()) {
      if (at % 256 === 0) await turn()
      if (!test(listed.member)) continue
      if (words.every((word) => listed.text.includes(word))) found.push(listed)
    }
    return found
  }

  async #everybodyById(): Promise<readonly Listed[]> {
    const everybody = await this.everybody()
    if (this.#byId?.of === everybody) return this.#byId.list
    const list = await sortInTurns(everybody, (a, b) => compareTexts(idOf(a), idOf(b)))
    this.#byId = { of: everybody, list }
    return list
  }

  [Symbol.dispose](): void {
    this.#stop()
  }

  #test(filter: RosterFilter): (member: Member) => boolean {
    switch (filter) {
      case 'all':
        return () => true
      case 'noExtension':
        return ({ person }) => person.extension === null
      case 'conflict': {
        const losers = new Set(Array.from(this.#people.conflicts(), ({ loser }) => loser.id))
        return ({ person }) => losers.has(person.id)
      }
      default:
        return ({ person, standing }) => lifecycleOf(person, standing) === filter
    }
  }

  #note({ put, removed }: PeopleChange): void {
    if (put.length + removed.length + this.#changed.size > mostChanges) {
      this.#base = null
      this.#isOvertaken = true
      this.#changed.clear()
      return
    }
    for (const { before, after } of put) {
      this.#changed.add(after.person.id)
      if (before) this.#changed.add(before.person.id)
    }
    for (const { person } of removed) this.#changed.add(person.id)
  }

  async #build(): Promise<void> {
    this.#isOvertaken = false
    this.#changed.clear()
    const turn = inTurns()
    const listed: Listed[] = []
    for (const member of Array.from(this.#people.members())) {
      listed.push(listedOf(member))
      await turn()
    }
    const sorted = await sortInTurns(listed, compare)
    this.#building = null
    if (!this.#isOvertaken) this.#base = sorted
  }

  #mended(base: readonly Listed[]): readonly Listed[] {
    const list = base.filter(({ member }) => !this.#changed.has(member.person.id))
    for (const id of this.#changed) {
      const member = this.#people.member(id)
      if (!member) continue
      const listed = listedOf(member)
      list.splice(placeOf(listed, list), 0, listed)
    }
    this.#changed.clear()
    return list
  }
}

function placeOf(listed: Listed, list: readonly Listed[]): number {
  return firstAt(list, (other) => compare(other, listed) >= 0)
}

/** Who comes after a place in the order; undefined: from the beginning. */
export function listedAfter(
  list: readonly Listed[],
  order: RosterOrder,
  after: readonly [key: string, id: string] | undefined,
): readonly Listed[] {
  if (!after) return list
  const [key, id] = after
  const isAfter = (listed: Listed) => {
    const first = order === 'name' ? compareTexts(listed.key, key) : 0
    return first > 0 || (first === 0 && idOf(listed) > id)
  }
  return list.slice(firstAt(list, isAfter))
}

/** Where in an ordered list it begins to be so. */
function firstAt(list: readonly Listed[], isSo: (listed: Listed) => boolean): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const listed = list[middle]
    if (listed && !isSo(listed)) low = middle + 1
    else high = middle
  }
  return low
}

function listedOf(member: Member): Listed {
  const { name, user, email, extension, aliases, dids, numbers, details } = member.person
  const texts = [user, email, extension, ...aliases, ...dids, details.department, details.title]
  const found = texts.filter((text) => text != null).map(fold)
  const e164s = numbers.map(({ e164, text }) => fold(e164 ?? text))
  return { member, key: fold(name), text: [...spellings(name), ...found, ...e164s].join('\n') }
}

function compare(a: Listed, b: Listed): number {
  return compareTexts(a.key, b.key) || compareTexts(idOf(a), idOf(b))
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function idOf({ member }: Listed): string {
  return member.person.id
}
