import { setImmediate } from 'node:timers/promises'
import type { Member } from './member.ts'
import type { People, PeopleChange } from './people.ts'
import { PeopleAfter } from './people-after.ts'
import { queueEffects, type QueueEffect, type QueuesOf } from './queue-effects.ts'
import type { Person } from '../person/person.ts'

/** Who is reached under a number, or not any more. */
export interface PhoneEffect {
  readonly kind: 'extension' | 'alias' | 'did'
  /** As it is dialled; a DID in E.164. */
  readonly number: string
  /** Empty: nobody. Several people may share a DID. */
  readonly before: readonly Holder[]
  readonly after: readonly Holder[]
}

/** Somebody who wants an id and does not get it, though he did before or is new. */
export interface LostConflict {
  readonly number: string
  readonly owner: Holder
  readonly loser: Holder
}

export interface Holder {
  readonly id: string
  readonly name: string
}

export interface Effects {
  /** The first of them, if there are very many. */
  readonly numbers: readonly PhoneEffect[]
  readonly lost: readonly LostConflict[]
  /** Absent in plans that were kept before queues were looked at. */
  readonly queues?: readonly QueueEffect[]
}

/** What a change does to telephones, at most the first `most` things. Works in slices. */
export async function effectsOf(
  records: PeopleChange,
  people: People,
  most: number,
  queuesOf: QueuesOf = () => [],
): Promise<Effects> {
  const change = people.preview(records)
  const later = await PeopleAfter.of(people, change)
  const numbers: PhoneEffect[] = []
  const lost: LostConflict[] = []
  const done = new Set<string>()
  let count = 0
  for (const { claims, person } of membersIn(change)) {
    if (++count % 500 === 0) await setImmediate()
    if (numbers.length + lost.length >= most) break
    for (const { key } of claims) {
      if (done.has(key)) continue
      done.add(key)
      idEffect(key, people, later, numbers)
      lost.push(...lostConflicts(key, people, later))
    }
    for (const did of person.dids) {
      if (done.has(did)) continue
      done.add(did)
      const [before, after] = [people.byDid(did), later.byDid(did)]
      if (idsOf(before) === idsOf(after)) continue
      const holdersOf = { before: before.map(holder), after: after.map(holder) }
      numbers.push({ kind: 'did', number: did, ...holdersOf })
    }
  }
  return { numbers, lost, queues: await queueEffects(change, queuesOf, most) }
}

function* membersIn({ put, removed }: PeopleChange): Generator<Member> {
  for (const { before, after } of put) {
    if (before) yield before
    yield after
  }
  yield* removed
}

function idEffect(key: string, people: People, later: PeopleAfter, numbers: PhoneEffect[]): void {
  const owner = people.byInternalId(key)
  const [next] = later.claimants(key)
  if (owner?.id === next?.id) return
  const kind = isExtension(key, owner) || isExtension(key, next) ? 'extension' : 'alias'
  numbers.push({ kind, number: key, before: holders(owner), after: holders(next) })
}

function lostConflicts(key: string, people: People, later: PeopleAfter): LostConflict[] {
  const [next, ...losers] = later.claimants(key)
  if (!next || losers.length === 0) return []
  const owner = people.byInternalId(key)
  const hadLost = new Set(people.claimants(key).flatMap((one) => (one === owner ? [] : one.id)))
  return losers
    .filter(({ id }) => !hadLost.has(id))
    .map((loser) => ({ number: key, owner: holder(next), loser: holder(loser) }))
}

function isExtension(key: string, person: Person | undefined): boolean {
  return person?.extension?.toLowerCase() === key
}

function holders(person: Person | undefined): readonly Holder[] {
  return person ? [holder(person)] : []
}

function holder({ id, name }: Person): Holder {
  return { id, name }
}

function idsOf(persons: readonly Person[]): string {
  return persons.map(({ id }) => id).join(' ')
}
