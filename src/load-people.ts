import type { Config } from './config/schema.ts'
import { People } from './people/people.ts'
import type { State } from './state/state.ts'
import { compileJoins } from './sync/join.ts'

/** The last good people, also those of sources that are not configured any more. */
export async function loadPeople(config: Config, state: State): Promise<People> {
  const names = Object.keys(config.sources)
  const joins = await state.people.keepJoins(compileJoins(config.sources), names)
  const people = new People(names, joins)
  for await (const members of state.people.load()) {
    people.apply({ put: members.map((after) => ({ before: undefined, after })), removed: [] })
  }
  return people
}
