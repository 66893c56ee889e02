import { setImmediate } from 'node:timers/promises'
import type { Person } from '../person/person.ts'
import type { Holder } from './effects.ts'
import type { PeopleChange } from './people.ts'

/** Names the queues that somebody belongs to. */
export type QueuesOf = (person: Person) => readonly string[]

/** Who would be rung by a queue and was not, or the other way round. */
export interface QueueEffect {
  readonly queue: string
  readonly joins: readonly Holder[]
  readonly leaves: readonly Holder[]
}

/** At most `most` people are named. Works in slices. */
export async function queueEffects(
  { put, removed }: PeopleChange,
  queuesOf: QueuesOf,
  most: number,
): Promise<readonly QueueEffect[]> {
  const rungBy = (person: Person | undefined) => {
    const canRing = person !== undefined && person.extension !== null && person.disabled === null
    return new Set(canRing ? queuesOf(person) : [])
  }
  const effects = new Map<string, { joins: Holder[]; leaves: Holder[] }>()
  let named = 0
  let count = 0
  const pairs = [...put, ...removed.map((before) => ({ before, after: undefined }))]
  for (const { before, after } of pairs) {
    if (++count % 500 === 0) await setImmediate()
    const [had, has] = [rungBy(before?.person), rungBy(after?.person)]
    const { id = '', name = '' } = (after ?? before)?.person ?? {}
    for (const queue of had.symmetricDifference(has)) {
      if (++named > most) return ordered(effects)
      const effect = effects.get(queue) ?? { joins: [], leaves: [] }
      effects.set(queue, effect)
      effect[has.has(queue) ? 'joins' : 'leaves'].push({ id, name })
    }
  }
  return ordered(effects)
}

function ordered(effects: ReadonlyMap<string, Omit<QueueEffect, 'queue'>>): QueueEffect[] {
  return Array.from(effects, ([queue, effect]) => ({ queue, ...effect })).sort((a, b) =>
    a.queue < b.queue ? -1 : 1,
  )
}
