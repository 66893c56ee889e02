import { readFileSync, readdirSync } from 'node:fs'
import { StateUnavailable, type Database } from './database.ts'

const folder = new URL('./migrations/', import.meta.url)

/** Brings the tables forward to this program, each numbered step in a transaction of its own. */
export async function migrate(database: Database): Promise<void> {
  await database.run([
    {
      sql: 'create table if not exists migrations (number bigint primary key, name text not null)',
    },
  ])
  const [row] = await database.query('select max(number) as newest from migrations')
  const done = Number(row?.['newest'] ?? 0)
  const steps = readSteps()
  const known = steps.at(-1)?.number ?? 0
  if (done > known) {
    throw new StateUnavailable(
      `the state was written by a newer Peerage (its tables are at step ${done}, this program knows ${known}); run the newer program, or name another 'state'`,
    )
  }
  for (const step of steps.filter((step) => step.number > done)) {
    await database.run([
      ...splitStatements(step.sql).map((sql) => ({ sql })),
      {
        sql: 'insert into migrations (number, name) values ($1, $2)',
        parameters: [step.number, step.name],
      },
    ])
  }
}

function readSteps(): { number: number; name: string; sql: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({
      number: Number.parseInt(name, 10),
      name,
      sql: readFileSync(new URL(name, folder), 'utf8'),
    }))
}

/** Our own files only: a statement ends with `;` at the end of a line, comments start a line. */
function splitStatements(sql: string): string[] {
  return sql
    .replaceAll(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
