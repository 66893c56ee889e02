import { createHash } from 'node:crypto'
import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import type { EndpointClass } from './classes.ts'
import type { QueueOptions } from './queue-options.ts'
import { compileQueuesOf } from './queues-of.ts'

/** A person in a queue. */
export interface QueueMember {
  /** What Asterisk names this membership by when it writes; the same as long as the person lives. */
  readonly uniqueId: string
  readonly queue: string
  readonly person: Person
}

interface Queue {
  readonly options: QueueOptions
  /** By the person's id. */
  readonly members: Map<string, QueueMember>
}

interface Deps {
  readonly people: People
  readonly classOf: (person: Person) => EndpointClass
}

/** Who is in which queue, by group or by class; follows every change of people. */
export class QueueMembers {
  readonly #people: People
  readonly #queuesOf: (person: Person) => readonly string[]
  readonly #queues = new Map<string, Queue>()
  readonly #byUniqueId = new Map<string, QueueMember>()

  constructor({ people, classOf }: Deps, options: Readonly<Record<string, QueueOptions>>) {
    this.#people = people
    this.#queuesOf = compileQueuesOf(options, classOf)
    for (const [name, queue] of Object.entries(options)) {
      this.#queues.set(name, { options: queue, members: new Map() })
    }
    for (const { person } of people.members()) this.#join(person)
    people.onChange(({ put, removed }) => {
      for (const { person } of removed) this.#leave(person)
      for (const { before, after } of put) {
        if (before) this.#leave(before.person)
        this.#join(after.person)
      }
    })
  }

  queues(): Iterable<readonly [name: string, options: QueueOptions]> {
    return Array.from(this.#queues, ([name, { options }]) => [name, options] as const)
  }

  options(queue: string): QueueOptions | undefined {
    return this.#queues.get(queue)?.options
  }

  /** Those who may be rung now, in the order of their extensions. */
  of(queue: string): readonly QueueMember[] {
    const members = [...(this.#queues.get(queue)?.members.values() ?? [])]
    return members
      .filter(({ person }) => this.#isReachable(person))
      .sort((a, b) => ((a.person.extension ?? '') < (b.person.extension ?? '') ? -1 : 1))
  }

  byUniqueId(uniqueId: string): QueueMember | undefined {
    const member = this.#byUniqueId.get(uniqueId)
    return member && this.#isReachable(member.person) ? member : undefined
  }

  /** Every id that this person's memberships could have. */
  idsOf(person: string): readonly string[] {
    return Array.from(this.#queues.keys(), (queue) => memberId(queue, person))
  }

  #isReachable({ id, extension }: Person): boolean {
    return extension !== null && this.#people.byExtension(extension)?.id === id
  }

  #join(person: Person): void {
    for (const queue of this.#queuesOf(person)) {
      const member = { uniqueId: memberId(queue, person.id), queue, person }
      this.#queues.get(queue)?.members.set(person.id, member)
      this.#byUniqueId.set(member.uniqueId, member)
    }
  }

  #leave({ id }: Person): void {
    for (const { members } of this.#queues.values()) {
      const member = members.get(id)
      if (!member) continue
      members.delete(id)
      this.#byUniqueId.delete(member.uniqueId)
    }
  }
}

/** Short, since what Asterisk sends in an update is cut at 199 characters, encoded. */
function memberId(queue: string, person: string): string {
  return createHash('sha256').update(`${queue}\0${person}`).digest('hex').slice(0, 24)
}
