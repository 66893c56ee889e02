import type { People, PeopleChange } from './people.ts'
import { PeopleAfter } from './people-after.ts'
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
  readonly numbers: readonly PhoneEffect[]
  readonly lost: readonly LostConflict[]
}

/** What a change does to telephones. Costs the size of the change. */
export function effectsOf(change: PeopleChange, people: People): Effects {
  const later = new PeopleAfter(people, change)
  const numbers: PhoneEffect[] = []
  const lost: LostConflict[] = []
  const { keys, dids } = numbersIn(change)
  for (const key of keys) {
    const owner = people.byInternalId(key)
    const [next, ...losers] = later.claimants(key)
    if (owner?.id !== next?.id) {
      const kind = isExtension(key, owner) || isExtension(key, next) ? 'extension' : 'alias'
      numbers.push({ kind, number: key, before: holders(owner), after: holders(next) })
    }
    const hadLost = new Set(people.claimants(key).flatMap((one) => (one === owner ? [] : one.id)))
    for (const loser of losers) {
      if (next && !hadLost.has(loser.id)) {
        lost.push({ number: key, owner: holder(next), loser: holder(loser) })
      }
    }
  }
  for (const did of dids) {
    const before = people.byDid(did)
    const after = later.byDid(did)
    if (idsOf(before) === idsOf(after)) continue
    numbers.push({ kind: 'did', number: did, before: before.map(holder), after: after.map(holder) })
  }
  return { numbers, lost }
}

function numbersIn({ put, removed }: PeopleChange): { keys: Set<string>; dids: Set<string> } {
  const keys = new Set<string>()
  const dids = new Set<string>()
  for (const member of [
    ...put.flatMap(({ before, after }) => (before ? [before, after] : [after])),
    ...removed,
  ]) {
    for (const { key } of member.claims) keys.add(key)
    for (const did of member.person.dids) dids.add(did)
  }
  return { keys, dids }
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
