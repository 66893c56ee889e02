import type { DirectorySource, EntryProblem } from '../directory/source.ts'
import { DirectoryIncomplete } from '../directory/source.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { claimsOf, type Member } from '../people/member.ts'
import type { People, PeopleChange } from '../people/people.ts'
import type { PersonSecrets } from '../person/person.ts'
import { changedFields } from './difference.ts'

/** A proven complete read, held against the people of today. Nothing is changed yet. */
export interface ReadResult {
  readonly change: PeopleChange
  /** Everybody who was read, with what the directory says about his secrets. */
  readonly secrets: ReadonlyMap<string, PersonSecrets>
  readonly entries: number
  readonly problems: readonly EntryProblem[]
  readonly problemCount: number
}

const problemsKept = 1000

/**
 * Reads a source to its end. What did not change is dropped at once, so a read costs the memory of
 * its difference. Throws what the source throws, and `DirectoryIncomplete` for an answer that is
 * too good to be true: nobody at all where there were people.
 */
export async function readPeople(
  source: DirectorySource,
  mapping: Mapping,
  people: People,
  run: number,
  now: () => number,
  signal: AbortSignal,
): Promise<ReadResult> {
  const put: PeopleChange['put'][number][] = []
  const secrets = new Map<string, PersonSecrets>()
  const problems: EntryProblem[] = []
  let problemCount = 0
  let entries = 0
  const note = (found: readonly EntryProblem[]) => {
    problemCount += found.length
    for (const problem of found) if (problems.length < problemsKept) problems.push(problem)
  }

  for await (const batch of source.read(signal)) {
    note(batch.problems)
    entries += batch.entries.length
    for (const entry of batch.entries) {
      const mapped = mapping.map(entry, now())
      note(mapped.problems)
      const { person } = mapped
      if (!person) continue
      if (secrets.has(person.id)) {
        note([
          { entry: entry.dn, text: `the id ${person.id} was read twice; the first one counts` },
        ])
        continue
      }
      secrets.set(person.id, mapped.secrets)
      const before = people.member(person.id)
      if (before && changedFields(before.person, person).length === 0) continue
      put.push({ before, after: { person, claims: claimsOf(person, before, run) } })
    }
  }
  signal.throwIfAborted()

  const removed: Member[] = []
  let known = 0
  for (const member of people.members()) {
    if (member.person.source !== source.name) continue
    known++
    if (!secrets.has(member.person.id)) removed.push(member)
  }
  if (known > 0 && secrets.size === 0) {
    throw new DirectoryIncomplete(
      `source '${source.name}' returned ${entries} entries and not one person, where there were ${known} before; everybody is kept, check base, filter and the rights of the account`,
    )
  }
  return { change: { put, removed }, secrets, entries, problems, problemCount }
}
