import { setImmediate } from 'node:timers/promises'
import type { People, PeopleChange } from './people.ts'

/** A millisecond or two of work; then whoever waits for an answer has his turn. */
const peopleAtOnce = 250

/**
 * Applies a large change so that answers go on meanwhile: who is new comes first and who goes comes
 * last, some at a time. Those who are known and different change all at once in between, since they
 * may hand numbers to each other. A small change is applied as it is, before this returns.
 */
export async function applyInTurns(people: People, change: PeopleChange): Promise<void> {
  const { put, removed } = change
  if (put.length + removed.length <= peopleAtOnce) return people.apply(change)
  const added = put.filter(({ before }) => before === undefined)
  const different = put.filter(({ before }) => before !== undefined)
  for (const some of turns(added)) {
    people.apply({ put: some, removed: [] })
    await setImmediate()
  }
  if (different.length > 0) people.apply({ put: different, removed: [] })
  for (const some of turns(removed)) {
    await setImmediate()
    people.apply({ put: [], removed: some })
  }
}

function* turns<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += peopleAtOnce) {
    yield items.slice(from, from + peopleAtOnce)
  }
}
