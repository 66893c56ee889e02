import type { Contact } from '../contact.ts'
import { haystackOf } from './haystack.ts'
import type { Base, Later } from './snapshot.ts'
import type { Turn } from '../../../turns.ts'

type Added = Later['added'][number]

/**
 * Who is different since an order was made: noted at once, looked at when somebody asks, and then
 * only those who were not looked at yet.
 */
export class Changes {
  readonly #base: Base
  readonly #compare: (a: Contact, b: Contact) => number
  readonly #ids = new Set<string>()
  readonly #unseen: Set<string>
  readonly #gone = new Set<number>()
  /** In order. */
  readonly #added: Added[] = []

  /** `ids`: who changed while the order was made. */
  constructor(
    base: Base,
    compare: (a: Contact, b: Contact) => number,
    ids: ReadonlySet<string> = new Set(),
  ) {
    this.#base = base
    this.#compare = compare
    this.#unseen = new Set(ids)
  }

  /** People, however often they changed. */
  get size(): number {
    return this.#ids.size
  }

  get isSettled(): boolean {
    return this.#unseen.size === 0
  }

  note(id: string): void {
    this.#unseen.add(id)
  }

  /** Looks at everybody who was noted, in turns with others; `contactOf` says who somebody is now. */
  async settle(contactOf: (id: string) => Contact | null, turn: Turn): Promise<void> {
    for (const id of this.#unseen) {
      this.#unseen.delete(id)
      this.#look(id, contactOf(id))
      await turn()
    }
  }

  /** What became of them, as it stays. */
  get later(): Later {
    return { gone: new Set(this.#gone), added: [...this.#added] }
  }

  #look(id: string, contact: Contact | null): void {
    const rank = this.#base.ranks.get(id)
    if (rank !== undefined) this.#gone.add(rank)
    if (this.#ids.has(id)) {
      const before = this.#added.findIndex((added) => added.contact.id === id)
      if (before !== -1) this.#added.splice(before, 1)
    }
    this.#ids.add(id)
    if (contact) {
      this.#added.splice(this.#placeOf(contact), 0, { contact, text: haystackOf(contact) })
    }
  }

  #placeOf(contact: Contact): number {
    let low = 0
    let high = this.#added.length
    while (low < high) {
      const middle = (low + high) >> 1
      const there = this.#added[middle] as Added // below the length
      if (this.#compare(there.contact, contact) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
