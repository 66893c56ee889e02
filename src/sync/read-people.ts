import { setImmediate } from 'node:timers/promises'
import type { DirectorySource } from '../directory/source.ts'
import { DirectoryIncomplete } from '../directory/source.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { People } from '../people/people.ts'
import type { Person, PersonSecrets } from '../person/person.ts'
import { changedFields } from './difference.ts'
import { Problems, type Reading } from './reading.ts'

/** About half a millisecond of work; then whoever waits for an answer has his turn. */
const entriesAtOnce = 25

/**
 * Reads a source to its end. What did not change is dropped at once, so a read costs the memory of
 * its difference. Throws what the source throws, and `DirectoryIncomplete` for an answer that is
 * too good to be true: nobody at all where there were people.
 */
export async function readPeople(
  source: Pick<DirectorySource, 'name' | 'read'>,
  mapping: Mapping,
  people: People,
  now: () => number,
  signal: AbortSignal,
): Promise<Reading> {
  const differing = new Map<string, Person>()
  const seen = new Map<string, PersonSecrets>()
  const problems = new Problems()
  let entries = 0

  for await (const batch of source.read(signal)) {
    problems.note(batch.problems)
    entries += batch.entries.length
    for (const [index, entry] of batch.entries.entries()) {
      if (index % entriesAtOnce === entriesAtOnce - 1) await setImmediate()
      const mapped = mapping.map(entry, now())
      problems.note(mapped.problems)
      const { person } = mapped
      if (!person) continue
      if (seen.has(person.id)) {
        const text = `the id ${person.id} was read twice; the first one counts`
        problems.note([{ entry: entry.dn, text }])
        continue
      }
      seen.set(person.id, mapped.secrets)
      const before = people.record(person.id)?.person
      if (!before || changedFields(before, person).length > 0) differing.set(person.id, person)
    }
  }
  signal.throwIfAborted()

  const known = people.countOf(source.name)
  if (known > 0 && seen.size === 0) {
    throw new DirectoryIncomplete(
      `source '${source.name}' returned ${entries} entries and not one person, where there were ${known} before; everybody is kept, check base, filter and the rights of the account`,
    )
  }
  const { kept, count } = problems
  return {
    kind: 'complete',
    seen,
    differing,
    gone: [],
    entries,
    problems: kept,
    problemCount: count,
  }
}
