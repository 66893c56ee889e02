import { setImmediate, setTimeout } from 'node:timers/promises'
import type { DirectorySource } from '../directory/source.ts'
import { DirectoryIncomplete } from '../directory/source.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { People } from '../people/people.ts'
import type { Person, PersonSecrets } from '../person/person.ts'
import { changedFields } from './difference.ts'
import type { KnownPeople } from './known-people.ts'
import { Problems, type Reading } from './reading.ts'

/** About half a millisecond of work; then whoever waits for an answer has his turn. */
const entriesAtOnce = 25

/**
 * Reads a source to its end. What did not change is dropped at once, so a read costs the memory of
 * its difference. Throws what the source throws, and `DirectoryIncomplete` for an answer that is
 * too good to be true: nobody at all where there were people.
 *
 * With `known`, whose entry is the same as at the last read is only noted to be there.
 */
export async function readPeople(
  source: Pick<DirectorySource, 'name' | 'read'>,
  mapping: Mapping,
  people: People,
  now: () => number,
  signal: AbortSignal,
  known?: KnownPeople,
): Promise<Reading> {
  const differing = new Map<string, Person>()
  const secrets = new Map<string, PersonSecrets>()
  const isSeen = (id: string) => secrets.has(id) || known?.isSeen(id) === true
  const problems = new Problems()
  let entries = 0
  let unchangedPeople = 0
  const isFirst = (id: string, dn: string) => {
    if (!isSeen(id)) return true
    problems.note([{ entry: dn, text: `the id ${id} was read twice; the first one counts` }])
    return false
  }

  known?.startRead()
  for await (const batch of source.read(signal, known)) {
    // Who never sleeps is given a core late on a busy machine, and whoever asks waits as well.
    await setTimeout(1)
    const { unchanged = [] } = batch
    problems.note(batch.problems)
    entries += batch.entries.length + unchanged.length
    for (const print of unchanged) {
      const person = known?.personOf(print)
      if (!person || !isFirst(person.id, person.dn)) continue
      // The directory's word on his secrets was taken over as well, and is the same.
      known?.see(print)
      unchangedPeople++
    }
    for (const [index, entry] of batch.entries.entries()) {
      if (index % entriesAtOnce === entriesAtOnce - 1) await setImmediate()
      const mapped = mapping.map(entry, now())
      problems.note(mapped.problems)
      const { person } = mapped
      if (!person) continue
      if (!isFirst(person.id, entry.dn)) continue
      secrets.set(person.id, mapped.secrets)
      const before = people.record(person.id)?.person
      const isSame = before !== undefined && changedFields(before, person).length === 0
      if (!isSame) differing.set(person.id, person)
      const { print, id } = entry
      const isLasting = mapped.isLasting === true && mapped.problems.length === 0
      if (print !== undefined && id !== null && isLasting) {
        known?.note(print, id, isSame ? before : person)
      }
    }
  }
  signal.throwIfAborted()

  const before = people.countOf(source.name)
  const seen = secrets.size + unchangedPeople
  if (before > 0 && seen === 0) {
    throw new DirectoryIncomplete(
      `source '${source.name}' returned ${entries} entries and not one person, where there were ${before} before; everybody is kept, check base, filter and the rights of the account`,
    )
  }
  const { kept, count } = problems
  return {
    kind: 'complete',
    isSeen,
    people: seen,
    secrets,
    differing,
    gone: [],
    entries,
    problems: kept,
    problemCount: count,
  }
}
