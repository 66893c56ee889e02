import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openState } from '../../src/state/state.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'peerage-state-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const now = () => 1_795_000_000_000
const open = (name: string) => openState({ state: `sqlite:${join(folder, name)}` }, now)

describe('secrets', () => {
  test('a secret that Peerage made is the same after a restart', async () => {
    let made: string | undefined
    {
      await using state = await open('secrets.db')
      await state.secrets.provide([['a/1', {}]], { initialPin: '1111' })
      made = state.secrets.sip('a/1')
      expect(made).toMatch(/^[a-zA-Z2-9]{20}$/)
      expect(state.secrets.voicemailPin('a/1')).toBe('1111')
    }
    await using state = await open('secrets.db')
    expect(await state.secrets.provide([['a/1', {}]], { initialPin: '2222' })).toEqual([])
    expect(state.secrets.sip('a/1')).toBe(made)
    expect(state.secrets.pin('a/1')).toBe('1111')
  })

  test('a PIN chosen on the phone stays until the directory says a new one', async () => {
    await using state = await open('pins.db')
    await state.secrets.provide([['a/1', { voicemailPin: '10' }]], { initialPin: null })
    await state.secrets.choose('a/1', 'voicemailPin', '4711')
    await state.secrets.provide([['a/1', { voicemailPin: '10' }]], { initialPin: null })
    expect(state.secrets.voicemailPin('a/1')).toBe('4711')
    await state.secrets.provide([['a/1', { voicemailPin: '20' }]], { initialPin: null })
    expect(state.secrets.voicemailPin('a/1')).toBe('20')
  })

  test('neither the database nor its journal holds a secret in clear text', async () => {
    const secret = 'Sp1ra-mirabilis'
    {
      await using state = await open('clear.db')
      await state.secrets.provide([['a/1', { sip: secret }]], { initialPin: null })
    }
    const files = (await readdir(folder)).filter((name) => name.startsWith('clear.db'))
    expect(files).toContain('clear.db')
    for (const name of files)
      expect(await readFile(join(folder, name), 'latin1')).not.toContain(secret)
  })

  test('the key file is for its owner only', async () => {
    await using _state = await open('key.db')
    expect((await stat(join(folder, 'peerage.key'))).mode & 0o777).toBe(0o600)
  })

  test('another key is refused with the remedy', async () => {
    const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')
    const state = `sqlite:${join(folder, 'other-key.db')}`
    {
      await using first = await openState({ state, stateKey: key(1) }, now)
      await first.secrets.provide([['a/1', {}]], { initialPin: null })
    }
    await expect(openState({ state, stateKey: key(2) }, now)).rejects.toThrow(
      /another key.*stateKey/,
    )
    await expect(openState({ state, stateKey: 'short' }, now)).rejects.toThrow(/32 bytes in base64/)
  })
})

describe('contacts', () => {
  test('a contact that was acknowledged is there after a restart, a removed one is not', async () => {
    {
      await using state = await open('contacts.db')
      await state.contacts.put('501;@aa', { id: '501;@aa', uri: 'sip:501@127.0.0.1' })
      await state.contacts.put('502;@bb', { id: '502;@bb' })
      expect(await state.contacts.remove('502;@bb')).toBe(true)
      expect(await state.contacts.remove('502;@bb')).toBe(false)
    }
    await using state = await open('contacts.db')
    expect([...state.contacts.values()]).toEqual([{ id: '501;@aa', uri: 'sip:501@127.0.0.1' }])
  })

  test('two updates at the same moment both count', async () => {
    await using state = await open('merge.db')
    await Promise.all([
      state.contacts.put('x', { uri: 'a', user_agent: 'phone' }),
      state.contacts.put('x', { uri: 'b' }),
    ])
    expect(state.contacts.get('x')).toEqual({ uri: 'b', user_agent: 'phone' })
  })
})

describe('the database', () => {
  test('a unit that fails undoes only itself, even in a shared commit', async () => {
    await using state = await open('units.db')
    const put = (id: string) => state.contacts.put(id, {})
    const failing = state.database.run([
      { sql: `insert into contacts values ('half', '{}', 1)` },
      { sql: `insert into contacts values (null, null, null)` },
    ])
    const results = await Promise.allSettled([put('one'), failing, put('two')])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const rows = await state.database.query('select id from contacts order by id')
    expect(rows.map((row) => row['id'])).toEqual(['one', 'two'])
  })

  test('state of a newer program is refused, and left alone', async () => {
    {
      await using state = await open('newer.db')
      await state.database.run([{ sql: `insert into migrations values (99, '0099-later.sql')` }])
    }
    await expect(open('newer.db')).rejects.toThrow(/newer Peerage/)
  })

  test('a path that cannot be written is named', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(open('file/x.db')).rejects.toThrow(/file\/x\.db.*check the path/)
  })
})

describe('tokens', () => {
  test('a token is known by its digest only, also after a restart', async () => {
    let token: string
    {
      await using state = await open('tokens.db')
      token = await state.tokens.make('first start')
      const rows = await state.database.query('select * from tokens')
      expect(JSON.stringify(rows)).not.toContain(token)
    }
    await using state = await open('tokens.db')
    expect(state.tokens.check(token)).toMatchObject({
      name: 'first start',
      scopes: ['administer'],
    })
    expect(state.tokens.check(`${token}x`)).toBeUndefined()
  })
})
