import type { PersonChange } from '../../state/runs.ts'

/** Changes of people as a table, field by field, with its headings. */
export function changeTable(changes: readonly PersonChange[]): (readonly unknown[])[] {
  const rows = changes.flatMap(({ kind, id, name, extension, fields }) => {
    const who = [kind, id, name, extension]
    if (fields.length === 0) return [[...who, '', '', '']]
    return fields.map(({ field, from, to }) => [...who, field, from, to])
  })
  return [['kind', 'id', 'name', 'extension', 'field', 'from', 'to'], ...rows]
}
