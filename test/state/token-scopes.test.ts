import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openState } from '../../src/state/state.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const migrations = new URL('../../src/state/migrations/', import.meta.url)

/** A state as it was before tokens had scopes. */
function writeOldState(path: string, token: string): void {
  using database = new DatabaseSync(path)
  database.exec('create table migrations (number bigint primary key, name text not null)')
  for (const name of readdirSync(migrations).sort()) {
    const number = Number.parseInt(name, 10)
    if (number >= 9) continue
    database.exec(readFileSync(new URL(name, migrations), 'utf8'))
    database.prepare('insert into migrations values (?, ?)').run(number, name)
  }
  const digest = createHash('sha256').update(token).digest('base64')
  database.prepare('insert into tokens values (?, ?, ?)').run(digest, 'first start', 1)
}

test('a token of a state that knew no scopes may do everything, as before', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'old.db')
  writeOldState(path, 'a-token-of-before')
  await using state = await openState({ state: `sqlite:${path}` }, () => 2)
  expect(state.tokens.check('a-token-of-before')).toMatchObject({
    name: 'first start',
    scopes: ['administer'],
    createdAt: 1,
  })
})

test('when a token was used last survives a restart, kept once in a minute', async () => {
  await using folder = await temporaryFolder()
  let now = 1_000_000
  const open = () => openState({ state: `sqlite:${join(folder.path, 'uses.db')}` }, () => now)
  let token: string
  {
    await using state = await open()
    token = await state.tokens.make('wiki', ['read'])
    state.tokens.check(token, '192.0.2.1')
    now += 59_000
    state.tokens.check(token, '192.0.2.2')
    await state.database.query('select 1')
    expect(state.tokens.list()[0]?.lastUse).toEqual({ at: now, from: '192.0.2.2' })
  }
  {
    await using state = await open()
    expect(state.tokens.list()[0]?.lastUse).toEqual({ at: 1_000_000, from: '192.0.2.1' })
    now += 2000
    state.tokens.check(token, '192.0.2.3')
    await state.database.query('select 1')
  }
  await using state = await open()
  expect(state.tokens.list()[0]?.lastUse).toEqual({ at: now, from: '192.0.2.3' })
})
