import { StateUnavailable, type Database } from './database.ts'
import { migrate } from './migrate.ts'
import { tables, type Table } from './tables.ts'

const rowsAtOnce = 500

/**
 * Copies everything from one state into another that is empty, table by table. Secrets stay sealed
 * with the key that they have. Neither may be in use. Yields what was copied; rejects with
 * `StateUnavailable` when there is something in the other already.
 */
export async function* copyState(
  from: Database,
  to: Database,
): AsyncGenerator<{ readonly table: string; readonly rows: number }> {
  await migrate(from)
  await migrate(to)
  for (const { name } of tables) {
    if ((await to.query(`select 1 as one from ${name} limit 1`)).length > 0) {
      throw new StateUnavailable(
        `the state to copy to is not empty: there is something in its table '${name}'; name an empty database`,
      )
    }
  }
  for (const table of tables) yield { table: table.name, rows: await copyTable(table, from, to) }
}

async function copyTable({ name, key }: Table, from: Database, to: Database): Promise<number> {
  const order = key.join(', ')
  for (let copied = 0; ;) {
    const rows = await from.query(`select * from ${name} order by ${order} limit $1 offset $2`, [
      rowsAtOnce,
      copied,
    ])
    const columns = Object.keys(rows[0] ?? {})
    if (columns.length === 0) return copied
    const places = columns.map((_, index) => `$${index + 1}`).join(', ')
    await to.run([
      {
        sql: `insert into ${name} (${columns.join(', ')}) values (${places})`,
        many: rows.map((row) => columns.map((column) => row[column] ?? null)),
      },
    ])
    copied += rows.length
  }
}
