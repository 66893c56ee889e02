import { isMissing, type Member } from './member.ts'
import { joinedMember, type Joining } from './joined-member.ts'
import { joinKeyOf, type JoinRule } from './join-rule.ts'
import { MultiMap } from './multi-map.ts'
import type { PeopleChange } from './people.ts'

/** More people than that with one key are nobody's double, and need not be looked at. */
const mostAlike = 8

/**
 * What the sources say, record by record, where people of several sources are joined. `sync` writes
 * records; everybody else sees the members that come of them. Which records are one person follows
 * from the records alone, so it is the same after a restart and on every node.
 */
export class Joins {
  readonly #rules: readonly Indexed[]
  readonly #records = new Map<string, Member>()

  constructor(rules: readonly JoinRule[]) {
    this.#rules = rules.map((rule) => ({ rule, first: new MultiMap(), later: new MultiMap() }))
  }

  concern(source: string): boolean {
    return this.#rules.some(({ rule }) => rule.source === source || rule.to === source)
  }

  record(id: string): Member | undefined {
    return this.#records.get(id)
  }

  records(): Iterable<Member> {
    return this.#records.values()
  }

  *recordsOf(source: string): Generator<Member> {
    for (const record of this.#records.values()) if (record.person.source === source) yield record
  }

  /** What a change of records means for the members; `memberOf`: as they are now. */
  take(change: PeopleChange, memberOf: (id: string) => Member | undefined): JoinedChange {
    const affected = new Set<string>()
    const put: PeopleChange['put'][number][] = []
    const removed: Member[] = []
    const joined: JoinedChange['joined'][number][] = []
    for (const each of change.removed) {
      if (this.concern(each.person.source)) this.#replace(each.person.id, null, affected)
      else removed.push(each)
    }
    for (const each of change.put) {
      const { person } = each.after
      if (this.concern(person.source)) this.#replace(person.id, each.after, affected)
      else put.push(each)
    }
    for (const id of affected) {
      const before = memberOf(id)
      const after = this.#memberOf(id)
      if (after && after !== before) put.push({ before, after })
      else if (!after && before) {
        removed.push(before)
        const into = this.#records.get(id) && this.partnersOf(id)[0]
        if (into) joined.push({ from: id, into: into.person.id })
      }
    }
    return { put, removed, joined }
  }

  /** Everybody else who is the same person; empty: nobody. */
  partnersOf(id: string): readonly Member[] {
    const record = this.#records.get(id)
    if (!record) return []
    const first = this.#firstOf(record)
    return first ? [first] : this.#laterOf(record).map(({ member }) => member)
  }

  /** Keys of a source's people that more than one could be meant by, and so nobody is. */
  *ambiguous(source: string): Generator<Ambiguous> {
    for (const { rule, first, later } of this.#rules) {
      if (rule.source !== source) continue
      for (const key of later.keys()) {
        const [mine, theirs] = [candidates(later.get(key)), candidates(first.get(key))]
        if (theirs.length === 0 || mine.length + theirs.length === 2) continue
        yield { rule, key, members: [...theirs, ...mine] }
      }
    }
  }

  #replace(id: string, after: Member | null, affected: Set<string>): void {
    const before = this.#records.get(id)
    affected.add(id)
    this.#noteAlike(before, affected)
    if (before) this.#unindex(before)
    if (after) this.#index(after)
    this.#noteAlike(after ?? undefined, affected)
  }

  /** Whoever has a key in common, and those who have one with them. */
  #noteAlike(record: Member | undefined, affected: Set<string>): void {
    if (!record) return
    for (const { first, later, key } of this.#placesOf(record)) {
      const alike = [...first.get(key), ...later.get(key)]
      if (alike.length > 2 * mostAlike) continue
      for (const { person } of alike) affected.add(person.id)
    }
  }

  #index(record: Member): void {
    this.#records.set(record.person.id, record)
    for (const { mine, key } of this.#placesOf(record)) mine.add(key, record, byId)
  }

  #unindex(record: Member): void {
    this.#records.delete(record.person.id)
    for (const { mine, key } of this.#placesOf(record)) mine.remove(key, record)
  }

  *#placesOf({ person }: Member) {
    for (const { rule, first, later } of this.#rules) {
      if (rule.source !== person.source && rule.to !== person.source) continue
      const key = joinKeyOf(person, rule)
      const isLater = rule.source === person.source
      if (key !== null) yield { rule, first, later, key, mine: isLater ? later : first, isLater }
    }
  }

  /** Undefined: there is no such record, or it is a part of somebody else. */
  #memberOf(id: string): Member | undefined {
    const record = this.#records.get(id)
    if (!record || this.#firstOf(record)) return undefined
    const others = this.#laterOf(record)
    return others.length === 0 ? record : joinedMember(record, others)
  }

  /** The record of the earlier source that this one belongs to. */
  #firstOf(record: Member): Member | undefined {
    for (const { first, later, key, isLater } of this.#placesOf(record)) {
      if (isLater) return pairOf(first.get(key), later.get(key), record)?.first
    }
    return undefined
  }

  #laterOf(record: Member): readonly Joining[] {
    return [...this.#placesOf(record)].flatMap(({ rule, first, later, key, isLater }) => {
      const pair = isLater ? undefined : pairOf(first.get(key), later.get(key), record)
      return pair ? [{ member: pair.later, rule }] : []
    })
  }
}

export interface JoinedChange extends PeopleChange {
  /** Who was a member of his own, and is a part of another one now. */
  readonly joined: readonly { readonly from: string; readonly into: string }[]
}

export interface Ambiguous {
  readonly rule: JoinRule
  readonly key: string
  /** All who could be meant, those of the earlier source first. */
  readonly members: readonly Member[]
}

interface Indexed {
  readonly rule: JoinRule
  /** Key -> records of the earlier source. */
  readonly first: MultiMap<string, Member>
  readonly later: MultiMap<string, Member>
}

/** The two who are one, if nobody else could be meant and the record is one of them. */
function pairOf(first: readonly Member[], later: readonly Member[], record: Member) {
  const [one, ...others] = candidates(first)
  const [other, ...more] = candidates(later)
  if (!one || !other || others.length + more.length > 0) return undefined
  return one === record || other === record ? { first: one, later: other } : undefined
}

/** Who is in the directory stands before who is not any more: his successor may have his address. */
function candidates(members: readonly Member[]): readonly Member[] {
  if (members.length < 2 || members.length > mostAlike) return members
  const present = members.filter((member) => !isMissing(member))
  return present.length > 0 ? present : members
}

function byId(a: Member, b: Member): number {
  return a.person.id < b.person.id ? -1 : 1
}
