import { isMember } from '../../person/membership.ts'
import type { Person } from '../../person/person.ts'
import type { QueueOptions } from './queue-options.ts'

/** Names the queues that a person belongs to, by group or by class, whether he can be rung or not. */
export function compileQueuesOf(
  queues: Readonly<Record<string, QueueOptions>>,
  classOf: (person: Person) => { readonly queue?: string | null },
): (person: Person) => readonly string[] {
  const groups = Object.entries(queues).map(([name, { group }]) => ({ name, group }))
  return (person) => {
    const own = classOf(person).queue
    return groups
      .filter(({ name, group }) => name === own || (group !== undefined && isMember(person, group)))
      .map(({ name }) => name)
  }
}
