import type { Person } from '../person/person.ts'
import type { Member } from './member.ts'
import { sharersOf, type People, type PeopleChange } from './people.ts'

/** Who would be reached if a change were applied. Looks only; costs the size of the change. */
export class PeopleAfter {
  readonly #people: People
  readonly #touched: ReadonlySet<string>
  readonly #claiming = new Map<string, Member[]>()
  readonly #withDid = new Map<string, Member[]>()

  constructor(people: People, { put, removed }: PeopleChange) {
    this.#people = people
    const gone = removed.map(({ person }) => person.id)
    this.#touched = new Set([...put.map(({ after }) => after.person.id), ...gone])
    for (const { after } of put) {
      for (const { key } of after.claims) add(this.#claiming, key, after)
      for (const did of after.person.dids) add(this.#withDid, did, after)
    }
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
