import type { Person } from '../person/person.ts'

/** The fields in which two states of one person differ; empty when they are the same. */
export function changedFields(before: Person, after: Person): (keyof Person)[] {
  const fields = Object.keys(after) as (keyof Person)[] // a Person has just its own fields
  return fields.filter((field) => !isSame(before[field], after[field]))
}

/**
 * Whether nobody needs to look at a change though many have it: the entry moved, or a detail came
 * that was not known before, such as one that only a newer Peerage reads.
 */
export function isHarmless(before: Person, after: Person): boolean {
  return changedFields(before, after).every(
    (field) => field === 'dn' || (field === 'details' && hasAll(before.details, after.details)),
  )
}

function hasAll(before: Person['details'], after: Person['details']): boolean {
  return Object.entries(before).every(([name, text]) => Reflect.get(after, name) === text)
}

/** Deep equality of plain data: texts, lists and records of them. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const first = a as Readonly<Record<string, unknown>>
  const second = b as Readonly<Record<string, unknown>>
  const keys = Object.keys(first)
  return (
    keys.length === Object.keys(second).length &&
    keys.every((key) => isSame(first[key], second[key]))
  )
}
