import { setTimeout as delay } from 'node:timers/promises'
import type { People, PeopleChange } from '../../../people/people.ts'
import { contactOf, type Contact } from '../contact.ts'
import type { View } from '../view.ts'
import { Changes } from './changes.ts'
import { Grams } from './grams.ts'
import { haystackOf } from './haystack.ts'
import { Snapshot, type Base } from './snapshot.ts'
import { sortInTurns } from '../../../sort-in-turns.ts'
import type { Turn } from '../../../turns.ts'

/** So many changes are worked into the order at once; more are faster sorted anew. */
const mostChanges = 500

/** An order of everybody, and who is different since then. */
interface Current {
  readonly base: Base
  readonly changes: Changes
}

/**
 * The sorted, searchable people of a view. Made in short turns when it is first asked for, so that
 * calls get in between, and kept up to date from then on at the cost of what changed. While it is
 * made anew the former one is answered from.
 */
export class ContactIndex implements Disposable {
  readonly #people: People
  readonly #view: View
  readonly #turn: Turn
  readonly #patienceMs: number
  readonly #stop: () => void
  #current: Current | null = null
  /** A change that was too large to be noted is not in the order. */
  #isBehind = false
  /** The last that was given out; null when somebody changed since then. */
  #snapshot: Snapshot | null = null
  #version = 0
  #building: Promise<void> | null = null
  /** Since the building began: who changed, and whether it was in vain. */
  #changedSince = new Set<string>()
  #isOvertaken = false

  /** `patienceMs`: how long a phone waits for the new order after a large change. */
  constructor(people: People, view: View, turn: Turn, patienceMs = 1000) {
    this.#people = people
    this.#view = view
    this.#turn = turn
    this.#patienceMs = patienceMs
    this.#stop = people.onChange((change) => this.#note(change))
  }

  /** Everybody as of now, or of a moment ago; waits long only when there is no order yet. */
  async snapshot(): Promise<Snapshot> {
    while (this.#current === null) await this.#renew()
    if (this.#isBehind) await inTime(this.#renew(), this.#patienceMs)
    else if (this.#current.changes.size > mostChanges) this.#renewAside()
    while (!this.#current.changes.isSettled) {
      await this.#current.changes.settle((id) => this.contact(id), this.#turn)
    }
    const { base, changes } = this.#current
    return (this.#snapshot ??= new Snapshot(this.#version, base, changes.later, this.#compare))
  }

  /** One person of the view as he is now, without any order; null: the view does not show him. */
  contact(id: string): Contact | null {
    const person = this.#people.get(id)
    if (!person || !this.#view.shows(person)) return null
    const { extension } = person
    const owns = extension !== null && this.#people.byExtension(extension) === person
    return contactOf(person, owns, this.#view.rules)
  }

  [Symbol.dispose](): void {
    this.#stop()
  }

  #note({ put, removed }: PeopleChange): void {
    this.#version++
    // With very many the order is made anew anyway; whoever they are is not worth remembering.
    if (put.length + removed.length > mostChanges) {
      this.#isBehind = true
      this.#isOvertaken = true
      return
    }
    this.#snapshot = null
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
      this.#current?.changes.note(id)
      this.#changedSince.add(id)
    }
  }

  /** A new order, whoever waits for it. A failure leaves the former one. */
  #renew(): Promise<void> {
    return (this.#building ??= this.#build().finally(() => (this.#building = null)))
  }

  #renewAside(): void {
    this.#renew().catch(() => undefined) // the next who asks begins again
  }

  async #build(): Promise<void> {
    this.#isOvertaken = false
    this.#changedSince = new Set()
    const turn = this.#turn
    const contacts: Contact[] = []
    for (const { person } of Array.from(this.#people.members())) {
      const contact = this.contact(person.id)
      if (contact) contacts.push(contact)
      await turn()
    }
    const sorted = await sortInTurns(contacts, this.#compare, turn)
    const texts: string[] = []
    const ranks = new Map<string, number>()
    for (const [rank, contact] of sorted.entries()) {
      texts.push(haystackOf(contact))
      ranks.set(contact.id, rank)
      await turn()
    }
    const grams = await Grams.build(texts, turn)
    // A change too large to be noted came in between: whoever asks next begins again.
    if (this.#isOvertaken) return
    const base = { contacts: sorted, ranks, grams }
    this.#current = { base, changes: new Changes(base, this.#compare, this.#changedSince) }
    if (this.#isBehind) this.#version++
    this.#isBehind = false
    this.#snapshot = null
  }

  readonly #compare = (a: Contact, b: Contact): number =>
    this.#view.compare(a.shown, b.shown) ||
    (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** Waits for the work, but no longer than that. */
async function inTime(work: Promise<void>, mostMs: number): Promise<void> {
  const done = new AbortController()
  const { signal } = done
  const late = delay(mostMs, undefined, { signal, ref: false }).catch(() => undefined)
  await Promise.race([work, late]).finally(() => done.abort())
}
