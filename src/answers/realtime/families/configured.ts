import type { Family } from '../family.ts'
import { Row } from '../row.ts'

/** A small table whose rows stand in the configuration; without any it is answered as empty. */
export function configured<Name extends string>(
  name: Name,
  rows: readonly Readonly<Record<string, string>>[],
): Family & { readonly name: Name } {
  const table = rows.map((row) => new Row(Object.entries(row)))
  return {
    name,
    columns: new Set(rows.flatMap((row) => Object.keys(row))),
    exact: {},
    all: () => table,
  }
}
