import type { Person } from '../person/person.ts'

/** The fields in which two states of one person differ; empty when they are the same. */
export function changedFields(before: Person, after: Person): (keyof Person)[] {
  const fields = Object.keys(after) as (keyof Person)[] // a Person has just its own fields
  return fields.filter((field) => !isSame(before[field], after[field]))
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
