import { chmod, copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { claimsOf } from '../../src/people/member.ts'
import { backUp, restore } from '../../src/state/backup.ts'
import { openState } from '../../src/state/state.ts'
import { makePerson } from '../support/person.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const at = (folder: string, name: string) => ({
  state: `sqlite:${join(folder, name, 'peerage.db')}`,
})

/** A state with a person, his secrets and his telephone. */
async function fill(folder: string): Promise<string> {
  await using state = await openState(at(folder, 'old'), Date.now)
  const person = makePerson('501')
  const after = { person, claims: claimsOf(person, undefined, 1) }
  await state.people.save({ put: [{ before: undefined, after }], removed: [] }, Date.now())
  await state.secrets.provide([['test/501', {}]], { initialPin: null })
  await state.contacts.put('501;@a', { id: '501;@a', uri: 'sip:501@127.0.0.1' })
  return state.secrets.sip('test/501') ?? ''
}

async function moveKey(folder: string): Promise<void> {
  await mkdir(join(folder, 'new'), { mode: 0o700 })
  await copyFile(join(folder, 'old/peerage.key'), join(folder, 'new/peerage.key'))
}

describe('a back-up', () => {
  test('restored elsewhere with the key has the same people, secrets and contacts', async () => {
    await using folder = await temporaryFolder()
    const { path } = folder
    const secret = await fill(path)
    const file = join(path, 'copy.db')
    expect(backUp(at(path, 'old'), file)).toEqual({ people: 1, secrets: 2, contacts: 1 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await moveKey(path)
    expect(await restore(at(path, 'new'), file, Date.now)).toMatchObject({ people: 1 })
    await using state = await openState(at(path, 'new'), Date.now)
    expect(state.secrets.sip('test/501')).toBe(secret)
    expect(state.contacts.get('501;@a')?.['uri']).toBe('sip:501@127.0.0.1')
  })

  test('holds neither a secret nor the key to read', async () => {
    await using folder = await temporaryFolder()
    const secret = await fill(folder.path)
    backUp(at(folder.path, 'old'), join(folder.path, 'copy.db'))
    const bytes = await readFile(join(folder.path, 'copy.db'))
    const key = (await readFile(join(folder.path, 'old/peerage.key'), 'utf8')).trim()
    expect(secret).toMatch(/^.{20}$/)
    expect(bytes.includes(secret)).toBe(false)
    expect(bytes.includes(key)).toBe(false)
    expect(bytes.includes(Buffer.from(key, 'base64'))).toBe(false)
  })

  test('is of one moment while somebody writes', async () => {
    await using folder = await temporaryFolder()
    await fill(folder.path)
    await using state = await openState(at(folder.path, 'old'), Date.now)
    const stopping = new AbortController()
    // Each turn sets both in one transaction: a copy in which they differ is of two moments.
    const writing = (async () => {
      for (let turn = 0; !stopping.signal.aborted; turn++) {
        await state.database.run(
          ['left', 'right'].map((id) => ({
            sql: `insert into contacts (id, fields, changed_at) values ($1, '{}', $2)
              on conflict (id) do update set changed_at = excluded.changed_at`,
            parameters: [id, turn],
          })),
        )
      }
    })()
    for (let round = 0; round < 5; round++) {
      await state.database.query('select 1')
      const file = join(folder.path, `copy-${round}.db`)
      backUp(at(folder.path, 'old'), file)
      using copy = new DatabaseSync(file)
      const rows = copy
        .prepare(`select distinct changed_at from contacts where id in ('left', 'right')`)
        .all()
      expect(rows.length).toBe(1)
    }
    stopping.abort()
    await writing
  })

  test('never overwrites a file, and is not left half', async () => {
    await using folder = await temporaryFolder()
    await fill(folder.path)
    const file = join(folder.path, 'copy.db')
    await writeFile(file, 'yesterday')
    expect(() => backUp(at(folder.path, 'old'), file)).toThrow(/is there already/)
    expect(await readFile(file, 'utf8')).toBe('yesterday')
    expect(() => backUp(at(folder.path, 'none'), join(folder.path, 'x'))).toThrow(/check 'state'/)
    expect(() => backUp(at(folder.path, 'old'), join(folder.path, 'no/where.db'))).toThrow(
      /could not be copied/,
    )
  })
})

describe('restoring', () => {
  test('never overwrites a state', async () => {
    await using folder = await temporaryFolder()
    await fill(folder.path)
    const file = join(folder.path, 'copy.db')
    backUp(at(folder.path, 'old'), file)
    await expect(restore(at(folder.path, 'old'), file, Date.now)).rejects.toThrow(
      /is there already and is not overwritten/,
    )
  })

  test('refuses without the key, with another one, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder()
    await fill(folder.path)
    const file = join(folder.path, 'copy.db')
    backUp(at(folder.path, 'old'), file)
    const wanted = at(folder.path, 'new')
    await expect(restore(wanted, file, Date.now)).rejects.toThrow(/their key is not here; put it/)
    const stateKey = Buffer.alloc(32, 7).toString('base64')
    await expect(restore({ ...wanted, stateKey }, file, Date.now)).rejects.toThrow(/another key/)
    await expect(stat(join(folder.path, 'new/peerage.db'))).rejects.toThrow('ENOENT')
    await expect(stat(join(folder.path, 'new/peerage.db.restoring'))).rejects.toThrow('ENOENT')
    await expect(stat(join(folder.path, 'new/peerage.key'))).rejects.toThrow('ENOENT')
  })

  test('refuses what is cut off, what is no state, and what a newer program wrote', async () => {
    await using folder = await temporaryFolder()
    const { path } = folder
    await fill(path)
    await moveKey(path)
    const file = join(path, 'copy.db')
    backUp(at(path, 'old'), file)
    const bytes = await readFile(file)
    const tryWith = (content: Buffer | string) =>
      writeFile(file, content).then(() => restore(at(path, 'new'), file, Date.now))
    await expect(tryWith(bytes.subarray(0, bytes.length / 2))).rejects.toThrow(/was not restored/)
    await expect(tryWith('hello')).rejects.toThrow(/not a database/)
    await rm(file)
    new DatabaseSync(file).exec('create table other (id text)')
    await chmod(file, 0o600)
    await expect(restore(at(path, 'new'), file, Date.now)).rejects.toThrow(/not the state of a/)
    await writeFile(file, bytes)
    new DatabaseSync(file).exec(`insert into migrations values (9999, 'later')`)
    await expect(restore(at(path, 'new'), file, Date.now)).rejects.toThrow(/newer Peerage/)
    await expect(tryWith(bytes)).resolves.toMatchObject({ people: 1 })
  })
})
