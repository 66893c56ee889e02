import type { DirectoryChange, Entry, EntryProblem } from '../directory/source.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { Person, PersonSecrets } from '../person/person.ts'
import { Problems, type Reading } from './reading.ts'

export type Delta = Omit<Extract<DirectoryChange, { kind: 'delta' }>, 'kind'>

/** Several deltas as one: the last word about an entry counts. */
export function mergeDeltas(deltas: readonly Delta[]): Delta {
  const entries = new Map<string, Entry>()
  const gone = new Set<string>()
  const problems: EntryProblem[] = []
  for (const delta of deltas) {
    for (const entry of delta.entries) {
      const id = entry.id ?? `dn ${entry.dn}`
      entries.delete(id)
      entries.set(id, entry)
      gone.delete(id)
    }
    for (const id of delta.gone) {
      entries.delete(id)
      gone.add(id)
    }
    problems.push(...delta.problems)
  }
  return { entries: [...entries.values()], gone: [...gone], problems }
}

/** An entry that does not make a person any more is as good as gone. */
export function readDelta(source: string, delta: Delta, mapping: Mapping, now: number): Reading {
  const differing = new Map<string, Person>()
  const secrets = new Map<string, PersonSecrets>()
  const gone = delta.gone.map((id) => `${source}/${id}`)
  const problems = new Problems()
  problems.note(delta.problems)
  for (const entry of delta.entries) {
    const mapped = mapping.map(entry, now)
    problems.note(mapped.problems)
    const { person } = mapped
    if (person) {
      secrets.set(person.id, mapped.secrets)
      differing.set(person.id, person)
    } else if (entry.id !== null) gone.push(`${source}/${entry.id}`)
  }
  return {
    kind: 'delta',
    isSeen: (person) => secrets.has(person),
    people: secrets.size,
    secrets,
    differing,
    gone,
    entries: delta.entries.length,
    problems: problems.kept,
    problemCount: problems.count,
  }
}
