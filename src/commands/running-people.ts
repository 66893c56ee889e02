import type { SnapshotLine } from '../answers/admin/snapshot.ts'
import type { Config } from '../config/schema.ts'
import type { Member } from '../people/member.ts'
import { People } from '../people/people.ts'
import { PeopleStore } from '../state/people-store.ts'
import { openDatabase } from '../state/state.ts'
import { compileJoins } from '../sync/join.ts'
import type { SourceClock } from '../sync/source-clock.ts'
import { readService, ServiceUnavailable } from './control.ts'

/** The people in force, to be looked at: changing them changes nothing anywhere. */
export interface RunningPeople {
  readonly people: People
  readonly clocks: ReadonlyMap<string, SourceClock>
  /** Whom they come from. */
  readonly from: 'service' | 'state' | 'nobody'
  /** Sources that the running people come from. */
  readonly sources: ReadonlySet<string>
}

/** Of the service that runs with `running`, or of its state when it does not run. */
export async function readRunningPeople(running: Config, wanted: Config): Promise<RunningPeople> {
  const people = new People(Object.keys(wanted.sources), compileJoins(wanted.sources))
  const sources = new Set<string>()
  const take = (members: readonly Member[]) => {
    for (const { person } of members) sources.add(person.source)
    people.apply({ put: members.map((after) => ({ before: undefined, after })), removed: [] })
  }
  try {
    const clocks = await fromService(running, take)
    return { people, clocks, from: 'service', sources }
  } catch (error) {
    if (!(error instanceof ServiceUnavailable)) throw error
  }
  await using database = await openDatabase(running)
  if (!database) return { people, clocks: new Map(), from: 'nobody', sources }
  const store = new PeopleStore(database)
  const clocks = await store.readSources()
  for await (const members of store.load()) take(members)
  return { people, clocks, from: 'state', sources }
}

async function fromService(
  running: Config,
  take: (members: readonly Member[]) => void,
): Promise<Map<string, SourceClock>> {
  const clocks = new Map<string, SourceClock>()
  const members: Member[] = []
  for (const text of (await readService(running, '/api/snapshot')).split('\n')) {
    if (text === '') continue
    const line = JSON.parse(text) as SnapshotLine // as answers/admin/snapshot.ts writes it
    if ('member' in line) members.push(line.member)
    else clocks.set(line.source, line.clock)
  }
  take(members)
  return clocks
}
