import type { Person } from '../person/person.ts'
import { claimKey, isMissing, rankClaims, type Claim, type Member } from './member.ts'
import type { JoinRule } from './join-rule.ts'
import { Joins, type Ambiguous, type JoinedChange } from './joins.ts'
import { MultiMap } from './multi-map.ts'
import { SortedKeys } from './sorted-keys.ts'

/**
 * Everybody, in memory. Every answer is a synchronous read of this index; only `sync` changes it,
 * with one `apply` per run, so that no look-up ever sees half a change.
 */
export class People {
  readonly #sourceRank: (source: string) => number
  readonly #members = new Map<string, Member>()
  /** Internal id -> who claims it, the owner first. */
  readonly #claimants = new MultiMap<string, Member>()
  readonly #dids = new MultiMap<string, Member>()
  readonly #numbers = new MultiMap<string, Member>()
  readonly #users = new MultiMap<string, Member>()
  readonly #ids = new SortedKeys(() => this.#claimants.keys())
  readonly #counts = new Map<string, number>()
  readonly #listeners = new Set<(change: PeopleChange) => void>()
  /** Null: every record is a member of its own, which is usual. */
  readonly #joins: Joins | null

  /** `sources`: names in the order of the configuration; the first wins a conflict. */
  constructor(sources: readonly string[], joins: readonly JoinRule[] = []) {
    this.#joins = joins.length === 0 ? null : new Joins(joins)
    const ranks = new Map(sources.map((name, rank) => [name, rank]))
    this.#sourceRank = (source) => ranks.get(source) ?? sources.length
  }

  get size(): number {
    return this.#members.size
  }

  members(): Iterable<Member> {
    return this.#members.values()
  }

  member(id: string): Member | undefined {
    return this.#members.get(id)
  }

  get(id: string): Person | undefined {
    return this.#members.get(id)?.person
  }

  /** What one source says of a person; for `sync`, which writes it. Others see members. */
  record(id: string): Member | undefined {
    return this.#joins?.record(id) ?? this.#members.get(id)
  }

  /** Every record of every source. */
  *records(): Generator<Member> {
    const joins = this.#joins
    if (joins) yield* joins.records()
    for (const member of this.#members.values()) {
      if (!joins?.concern(member.person.source)) yield member
    }
  }

  *recordsOf(source: string): Generator<Member> {
    if (this.#joins?.concern(source)) return yield* this.#joins.recordsOf(source)
    for (const member of this.#members.values()) if (member.person.source === source) yield member
  }

  /** What other sources say of the same person. */
  partnersOf(id: string): readonly Member[] {
    return this.#joins?.partnersOf(id) ?? []
  }

  /** People of a source who are joined with nobody, since it could be more than one. */
  ambiguousJoins(source: string): Iterable<Ambiguous> {
    return this.#joins?.ambiguous(source) ?? []
  }

  /** How many people a source has, the disabled and the missing too. */
  countOf(source: string): number {
    return this.#counts.get(source) ?? 0
  }

  /** Whose extension this is, if he may use the telephone. */
  byExtension(extension: string): Person | undefined {
    // The owner of the id owns it as his extension, or it is somebody's alias.
    const owner = this.byInternalId(extension)
    return owner?.extension === extension ? owner : undefined
  }

  /** Who is reached under this extension or alias, if he may use the telephone. */
  byInternalId(id: string): Person | undefined {
    const person = this.#claimants.first(claimKey(id))?.person
    return person?.disabled === null ? person : undefined
  }

  /** Everybody who claims an internal id, the owner first; the disabled and the losers too. */
  claimants(id: string): readonly Person[] {
    return this.#claimants.get(claimKey(id)).map((member) => member.person)
  }

  /** As `claimants`, with what is known about them beside the directory. */
  claimantMembers(key: string): readonly Member[] {
    return this.#claimants.get(key)
  }

  didMembers(e164: string): readonly Member[] {
    return this.#dids.get(e164)
  }

  /** The order in which an internal id is granted. */
  ranking(key: string): (a: Member, b: Member) => number {
    return rankClaims(key, this.#sourceRank)
  }

  /** Internal ids that begin with the prefix (lower case) and have an owner who may be called. */
  *internalIds(prefix: string): Generator<string> {
    for (const key of this.#ids.startingWith(claimKey(prefix))) {
      if (this.byInternalId(key)) yield key
    }
  }

  /**
   * Those who share a public number, in the order of their extensions; the disabled left out, and
   * whoever went missing if somebody is there.
   */
  byDid(e164: string): readonly Person[] {
    return sharersOf(this.#dids.get(e164))
  }

  /** Everybody who has this number in any role (work, mobile, home, DID); the disabled too. */
  byNumber(e164: string): readonly Person[] {
    return this.#numbers.get(e164).map((member) => member.person)
  }

  /** By login name, without regard to case. */
  byUser(user: string): readonly Person[] {
    return this.#users.get(user.toLowerCase()).map((member) => member.person)
  }

  /** Ids that more than one person claims who may use the telephone: the owner and who lost. */
  *conflicts(): Generator<Conflict> {
    for (const [key, claimants] of this.#claimants.shared()) {
      const [owner, ...losers] = claimants.filter(({ person }) => person.disabled === null)
      // Who went missing has lost nothing that anybody could give him back.
      for (const loser of losers) {
        const kind = loser.claims.find((claim) => claim.key === key)?.kind
        if (owner && kind && !isMissing(loser))
          yield { key, kind, owner: owner.person, loser: loser.person }
      }
    }
  }

  /** One run's difference, at once. Costs what changed, not how many people there are. */
  apply(records: PeopleChange): void {
    this.#countAll(records)
    const change = this.#joins?.take(records, (id) => this.#members.get(id)) ?? records
    if (change.removed.length + change.put.length > 200) this.#ids.clear()
    for (const member of change.removed) this.#remove(member)
    for (const { before, after } of change.put) {
      if (before) this.#remove(before)
      this.#add(after)
    }
    for (const listener of this.#listeners) listener(change)
  }

  /** What a change of records would mean for the members; nothing is changed by asking. */
  preview(records: PeopleChange): JoinedChange {
    const joins = this.#joins
    if (!joins) return { ...records, joined: [] }
    const memberOf = (id: string) => this.#members.get(id)
    const change = joins.take(records, memberOf)
    joins.take(undoing(records), memberOf)
    return change
  }

  /** Told synchronously after each `apply`. Returns how to stop. */
  onChange(listener: (change: PeopleChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #add(member: Member): void {
    const { person } = member
    this.#members.set(person.id, member)
    for (const { key } of member.claims) {
      this.#claimants.add(key, member, rankClaims(key, this.#sourceRank))
      this.#ids.add(key)
    }
    for (const did of person.dids) this.#dids.add(did, member)
    for (const number of numbersOf(person)) this.#numbers.add(number, member)
    if (person.user !== null) this.#users.add(person.user.toLowerCase(), member)
  }

  #remove({ person: { id } }: Member): void {
    const member = this.#members.get(id)
    if (!member) return
    this.#members.delete(id)
    for (const { key } of member.claims) {
      this.#claimants.remove(key, member)
      if (!this.#claimants.first(key)) this.#ids.remove(key)
    }
    for (const did of member.person.dids) this.#dids.remove(did, member)
    for (const number of numbersOf(member.person)) this.#numbers.remove(number, member)
    const { user } = member.person
    if (user !== null) this.#users.remove(user.toLowerCase(), member)
  }

  #countAll({ put, removed }: PeopleChange): void {
    for (const { person } of removed) if (this.record(person.id)) this.#count(person.source, -1)
    for (const { after } of put)
      if (!this.record(after.person.id)) this.#count(after.person.source, 1)
  }

  #count(source: string, step: number): void {
    this.#counts.set(source, this.countOf(source) + step)
  }
}

/** What one run changes: who is new or different, and who is gone. */
export interface PeopleChange {
  readonly put: readonly { readonly before: Member | undefined; readonly after: Member }[]
  readonly removed: readonly Member[]
}

function undoing({ put, removed }: PeopleChange): PeopleChange {
  return {
    put: [
      ...put.flatMap(({ before, after }) => (before ? [{ before: after, after: before }] : [])),
      ...removed.map((after) => ({ before: undefined, after })),
    ],
    removed: put.flatMap(({ before, after }) => (before ? [] : [after])),
  }
}

export interface Conflict {
  readonly key: string
  readonly kind: Claim['kind']
  readonly owner: Person
  readonly loser: Person
}

/** Those of them who are rung, in the order of their extensions. */
export function sharersOf(members: readonly Member[]): readonly Person[] {
  const callable = members.filter(({ person }) => person.disabled === null)
  const present = callable.length < 2 ? callable : callable.filter((member) => !isMissing(member))
  const sharing = (present.length === 0 ? callable : present).map(({ person }) => person)
  return sharing.length < 2 ? sharing : sharing.sort(byExtensionOrder)
}

function numbersOf(person: Person): Set<string> {
  const numbers = new Set(person.dids)
  for (const { e164 } of person.numbers) if (e164 !== null) numbers.add(e164)
  return numbers
}

function byExtensionOrder(a: Person, b: Person): number {
  const first = a.extension ?? ''
  const second = b.extension ?? ''
  return first.length - second.length || (first < second ? -1 : first > second ? 1 : 0)
}
