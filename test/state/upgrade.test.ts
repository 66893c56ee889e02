import { readdirSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openState } from '../../src/state/state.ts'
import { tables } from '../../src/state/tables.ts'
import { runPeerage } from '../support/process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { columnsOf, fillState, rowsOf } from './filled-state.ts'

const migrations = new URL('../../src/state/migrations/', import.meta.url)
const steps = readdirSync(migrations).sort()

const stack = new AsyncDisposableStack()
let folder: string
let secret: string
beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path
  secret = (await fillState(join(folder, 'today.db'))).secret
})
afterAll(() => stack.disposeAsync())

/** The same installation as a program kept it that knew only so many steps. */
function writeOld(file: string, count: number): void {
  using today = new DatabaseSync(join(folder, 'today.db'), { readOnly: true })
  using old = new DatabaseSync(file)
  old.exec('create table migrations (number bigint primary key, name text not null)')
  for (const [index, name] of steps.slice(0, count).entries()) {
    old.exec(readFileSync(new URL(name, migrations), 'utf8'))
    old.prepare('insert into migrations values (?, ?)').run(index + 1, name)
  }
  for (const { name } of tables) {
    const columns = columnsOf(old, name).map((column) => column.name)
    if (columns.length === 0) continue
    const places = columns.map(() => '?').join(', ')
    const insert = old.prepare(`insert into ${name} (${columns.join(', ')}) values (${places})`)
    for (const row of today.prepare(`select * from ${name}`).all()) {
      insert.run(...columns.map((column) => row[column] ?? null))
    }
  }
}

const configText = (file: string): string =>
  `site: { country: DE }\nsources: { test: { preset: openldap, ldif: ./none.ldif } }\nstate: sqlite:./${file}\n`

describe('a state of an earlier program', () => {
  test.each(steps.map((name, index) => [name, index + 1] as const))(
    'that ended with %s is opened with its people, secrets and contacts',
    async (_name, count) => {
      const file = join(folder, `step-${count}.db`)
      writeOld(file, count)
      await using state = await openState({ state: `sqlite:${file}` }, Date.now)
      const people = (await Array.fromAsync(state.people.load())).flat()
      expect(people.map(({ person }) => [person.id, person.extension])).toEqual([
        ['test/501', '501'],
      ])
      expect(state.secrets.sip('test/501')).toBe(secret)
      expect(state.contacts.get('501;@a')).toMatchObject({ uri: 'sip:501@127.0.0.1' })
      const done = await state.database.query('select name from migrations order by number')
      expect(done.map(({ name }) => name)).toEqual(steps)
    },
  )
})

test('a program that is older than the state says so and ends, and the state stays as it is', async () => {
  await using newer = await temporaryFolder()
  const file = join(newer.path, 'peerage.db')
  await copyFile(join(folder, 'today.db'), file)
  await copyFile(join(folder, 'peerage.key'), join(newer.path, 'peerage.key'))
  {
    using database = new DatabaseSync(file)
    database.exec(`insert into migrations values (9999, '9999-later.sql')`)
  }
  const before = rowsOf(file)
  const configuration = join(newer.path, 'peerage.yaml')
  await writeFile(configuration, configText('peerage.db'))
  const { code, text } = await runPeerage(['serve', '-c', configuration], newer.path)
  expect(code).toBe(1)
  expect(text).toContain('the state was written by a newer Peerage')
  expect(text).toContain('run the newer program')
  expect(rowsOf(file)).toEqual(before)
})

test('a back-up that is restored has every row of every table', async () => {
  await using elsewhere = await temporaryFolder()
  const { path } = elsewhere
  const configuration = join(folder, 'peerage.yaml')
  await writeFile(configuration, configText('today.db'))
  const copy = join(path, 'copy.db')
  const made = await runPeerage(['backup', copy, '-c', configuration], folder)
  expect(made).toMatchObject({ code: 0, text: expect.stringContaining('1 people') })
  await mkdir(join(path, 'new'))
  await copyFile(join(folder, 'peerage.key'), join(path, 'new/peerage.key'))
  await writeFile(join(path, 'new/peerage.yaml'), configText('peerage.db'))
  const args = ['restore', copy, '-c', join(path, 'new/peerage.yaml')]
  const restored = await runPeerage(args, path)
  expect(restored).toMatchObject({ code: 0, text: expect.stringContaining('1 people') })
  const kept = rowsOf(join(path, 'new/peerage.db'))
  for (const { name } of tables) expect(kept[name], name).not.toEqual([])
  expect(kept).toEqual(rowsOf(join(folder, 'today.db')))
})
