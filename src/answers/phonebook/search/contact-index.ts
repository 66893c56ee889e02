import type { People, PeopleChange } from '../../../people/people.ts'
import { contactOf, type Contact } from '../contact.ts'
import type { View } from '../view.ts'
import { Grams } from './grams.ts'
import { haystackOf } from './haystack.ts'
import { Snapshot, type Base } from './snapshot.ts'
import { inTurns, sortInTurns } from './sort.ts'

/** So many changes are worked into the order at once; more are faster sorted anew. */
const mostChanges = 500

/**
 * The sorted, searchable people of a view. Made in short turns when it is first asked for, so that
 * calls get in between, and kept up to date from then on at the cost of what changed.
 */
export class ContactIndex implements Disposable {
  readonly #people: People
  readonly #view: View
  readonly #stop: () => void
  #base: Base | null = null
  #building: Promise<void> | null = null
  #snapshot: Snapshot | null = null
  #version = 0
  #isOvertaken = false
  /** People who may be different since the base was made. */
  #changed = new Set<string>()
  /** Those among them since the making of the next base began. */
  #changedSince = new Set<string>()

  constructor(people: People, view: View) {
    this.#people = people
    this.#view = view
    this.#stop = people.onChange((change) => this.#note(change))
  }

  /** Everybody as of now; waits only when there is no order yet. */
  async snapshot(): Promise<Snapshot> {
    while (this.#base === null || this.#changed.size > mostChanges) {
      await (this.#building ??= this.#build())
    }
    return (this.#snapshot ??= this.#take(this.#base))
  }

  [Symbol.dispose](): void {
    this.#stop()
  }

  #note({ put, removed }: PeopleChange): void {
    this.#snapshot = null
    this.#version++
    // With very many the order is made anew anyway; whoever they are is not worth remembering.
    if (put.length + removed.length > mostChanges) {
      this.#base = null
      this.#isOvertaken = true
      this.#changed = new Set()
      return
    }
    for (const { before, after } of put) {
      this.#noteMember(after)
      if (before) this.#noteMember(before)
    }
    for (const member of removed) this.#noteMember(member)
  }

  /** Whoever claims the same ids may have won or lost one of them. */
  #noteMember({ person, claims }: PeopleChange['removed'][number]): void {
    const ids = [person.id]
    for (const { key } of claims) {
      for (const other of this.#people.claimantMembers(key)) ids.push(other.person.id)
    }
    for (const id of ids) {
      this.#changed.add(id)
      this.#changedSince.add(id)
    }
  }

  async #build(): Promise<void> {
    this.#isOvertaken = false
    this.#changedSince = new Set()
    const turn = inTurns()
    const contacts: Contact[] = []
    for (const { person } of Array.from(this.#people.members())) {
      const contact = this.#contact(person.id)
      if (contact) contacts.push(contact)
      await turn()
    }
    const sorted = await sortInTurns(contacts, this.#compare)
    const texts: string[] = []
    const ranks = new Map<string, number>()
    for (const [rank, contact] of sorted.entries()) {
      texts.push(haystackOf(contact))
      ranks.set(contact.id, rank)
      await turn()
    }
    const grams = await Grams.build(texts)
    this.#building = null
    // A change too big to be remembered came in between: the caller begins again.
    if (this.#isOvertaken) return
    this.#base = { contacts: sorted, ranks, grams }
    this.#changed = this.#changedSince
    this.#snapshot = null
  }

  #take(base: Base): Snapshot {
    const gone = new Set<number>()
    const added: Contact[] = []
    for (const id of this.#changed) {
      const rank = base.ranks.get(id)
      if (rank !== undefined) gone.add(rank)
      const contact = this.#contact(id)
      if (contact) added.push(contact)
    }
    added.sort(this.#compare)
    const withTexts = added.map((contact) => ({ contact, text: haystackOf(contact) }))
    return new Snapshot(this.#version, base, { gone, added: withTexts }, this.#compare)
  }

  #contact(id: string): Contact | null {
    const person = this.#people.get(id)
    if (!person || !this.#view.shows(person)) return null
    const { extension } = person
    const owns = extension !== null && this.#people.byExtension(extension) === person
    return contactOf(person, owns, this.#view.rules)
  }

  readonly #compare = (a: Contact, b: Contact): number =>
    this.#view.compare(a.shown, b.shown) ||
    (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
