import { setImmediate } from 'node:timers/promises'
import type { Person } from '../person/person.ts'
import type { Member } from './member.ts'
import { sharersOf, type People, type PeopleChange } from './people.ts'

/** Who would be reached if a change were applied. Looks only; costs the size of the change. */
export class PeopleAfter {
  readonly #people: People
  readonly #touched: ReadonlySet<string>
  readonly #claiming = new Map<string, Member[]>()
  readonly #withDid = new Map<string, Member[]>()

  private constructor(people: People, touched: ReadonlySet<string>) {
    this.#people = people
    this.#touched = touched
  }

  /** In slices: a change may be about everybody, and calls must get in between. */
  static async of(people: People, { put, removed }: PeopleChange): Promise<PeopleAfter> {
    const gone = removed.map(({ person }) => person.id)
    const touched = new Set([...put.map(({ after }) => after.person.id), ...gone])
    const later = new PeopleAfter(people, touched)
    for (const [index, { after }] of put.entries()) {
      if (index % 500 === 499) await setImmediate()
      for (const { key } of after.claims) add(later.#claiming, key, after)
      for (const did of after.person.dids) add(later.#withDid, did, after)
    }
    return later
  }

  /** Who may use the telephone and claims an internal id (lower case), the owner first. */
  claimants(key: string): readonly Person[] {
    const staying = this.#staying(this.#people.claimantMembers(key))
    return [...staying, ...(this.#claiming.get(key) ?? [])]
      .sort(this.#people.ranking(key))
      .flatMap(({ person }) => (person.disabled === null ? [person] : []))
  }

  byDid(e164: string): readonly Person[] {
    const staying = this.#staying(this.#people.didMembers(e164))
    return sharersOf([...staying, ...(this.#withDid.get(e164) ?? [])])
  }

  #staying(members: readonly Member[]): Member[] {
    return members.filter(({ person }) => !this.#touched.has(person.id))
  }
}

function add(map: Map<string, Member[]>, key: string, member: Member): void {
  const members = map.get(key)
  if (members) members.push(member)
  else map.set(key, [member])
}
