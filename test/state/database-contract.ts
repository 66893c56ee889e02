import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/state/database.ts'
import { FencedDatabase, LeaseRow } from '../../src/state/lease.ts'
import { migrate } from '../../src/state/migrate.ts'
import { ownTables, tables } from '../../src/state/tables.ts'
import type { StateOptions } from '../../src/state/state.ts'

/** An engine under test. */
export interface Engine extends AsyncDisposable {
  /** An empty state of its own. */
  create(): Promise<StateOptions>
  open(options: StateOptions): Promise<Database>
  /** A query for the names of all tables, as `name`. */
  readonly tableNames: string
}

/** What every engine of the state has to do, whatever stands on the other side. */
export function databaseContract(name: string, start: () => Promise<Engine>): void {
  describe(`the database (${name})`, () => {
    let engine: Engine
    beforeAll(async () => void (engine = await start()))
    afterAll(() => engine[Symbol.asyncDispose]())

    const opened = async () => {
      const database = await engine.open(await engine.create())
      await migrate(database)
      return database
    }
    const put = (id: string, fields = '{}', at = 1) => ({
      sql: 'insert into contacts (id, fields, changed_at) values ($1, $2, $3)',
      parameters: [id, fields, at],
    })

    test('its tables are brought forward once, and all of them are known', async () => {
      await using database = await opened()
      await migrate(database)
      const steps = await database.query('select number from migrations order by number')
      expect(steps.map(({ number }) => number).slice(0, 3)).toEqual([1, 2, 3])
      const names = (await database.query(engine.tableNames)).map((row) => row['name'])
      expect(names.sort()).toEqual([...tables.map((table) => table.name), ...ownTables].sort())
    })

    test('state of a newer program is refused, and left alone', async () => {
      await using database = await opened()
      await database.run([{ sql: `insert into migrations values (99, '0099-later.sql')` }])
      await expect(migrate(database)).rejects.toThrow(/newer Peerage/)
    })

    test('what is written comes back as the same values', async () => {
      await using database = await opened()
      const texts = [
        '',
        "o'Neil; drop table",
        '\u{1F4DE} Ä',
        'a\r\nb',
        '$1 %_\\',
        'x'.repeat(70_000),
      ]
      for (const [index, text] of texts.entries()) {
        await database.run([put(text, JSON.stringify({ text }), 2 ** 53 - 1 - index)])
        const [row] = await database.query('select * from contacts where id = $1', [text])
        expect(row).toEqual({
          id: text,
          fields: JSON.stringify({ text }),
          changed_at: 2 ** 53 - 1 - index,
        })
      }
      const [counted] = await database.query(
        'select count(*) as count, max(changed_at) as newest, min(null) as none from contacts',
      )
      expect(counted).toEqual({ count: texts.length, newest: 2 ** 53 - 1, none: null })
    })

    test('a statement says how many rows it touched, each set of parameters counted', async () => {
      await using database = await opened()
      const many = [1, 2, 3].map((id) => [`c${id}`])
      const touched = await database.run([
        { sql: `insert into contacts (id, fields, changed_at) values ($1, '{}', 1)`, many },
        { sql: 'update contacts set changed_at = $2 where id <> $1', parameters: ['c1', 2] },
        { sql: 'delete from contacts where id = $1', many: [['c1'], ['nobody']] },
        { sql: 'select id from contacts' },
        { sql: 'delete from contacts where id = $1', many: [] },
      ])
      expect(touched).toEqual([3, 2, 1, 2, 0])
    })

    test('the same parameter may stand twice, and an upsert may return', async () => {
      await using database = await opened()
      const sql = `insert into tokens (digest, name, created_at) values ($1, $1, $2)
        on conflict (digest) do update set created_at = excluded.created_at returning name, created_at`
      expect(await database.query(sql, ['a', 1])).toEqual([{ name: 'a', created_at: 1 }])
      expect(await database.query(sql, ['a', 2])).toEqual([{ name: 'a', created_at: 2 }])
    })

    test('a unit that fails undoes only itself, even in a shared commit', async () => {
      await using database = await opened()
      const failing = [put('half'), put('half')]
      const results = await Promise.allSettled([
        database.run([put('one')]),
        database.run(failing),
        database.run([put('two')]),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      const rows = await database.query('select id from contacts')
      expect(rows.map(({ id }) => id).sort()).toEqual(['one', 'two'])
    })

    test('what is wrong with a statement is said, and the next one works', async () => {
      await using database = await opened()
      await expect(database.query('select * from nothing')).rejects.toThrow(/state '.*nothing/s)
      await expect(database.run([{ sql: 'insert into nothing values (1)' }])).rejects.toMatchObject(
        {
          code: 'STATE_UNAVAILABLE',
          problem: 'refused',
        },
      )
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
    })

    test('writes stay in the order in which they were asked for', async () => {
      await using database = await opened()
      await database.run([put('x')])
      const numbers = Array.from({ length: 300 }, (_, index) => index)
      await Promise.all(
        numbers.map((at) =>
          database.run([{ sql: 'update contacts set changed_at = $1', parameters: [at] }]),
        ),
      )
      expect(await database.query('select changed_at from contacts')).toEqual([{ changed_at: 299 }])
    })

    test('what was asked for before it is closed is kept', async () => {
      const options = await engine.create()
      const database = await engine.open(options)
      await migrate(database)
      const writes = Array.from({ length: 50 }, (_, index) => database.run([put(`c${index}`)]))
      await database[Symbol.asyncDispose]()
      await Promise.all(writes)
      await expect(database.query('select 1')).rejects.toThrow(/closed/)
      await using again = await engine.open(options)
      expect(await again.query('select count(*) as count from contacts')).toEqual([{ count: 50 }])
    })

    test('one node has the lease; whoever had it before writes nothing any more', async () => {
      await using database = await opened()
      let now = 0
      const nodes = ['a', 'b'].map((node) => new LeaseRow(database, node, 4_000, () => now))
      const [a, b] = nodes as [LeaseRow, LeaseRow]
      const [writesA, writesB] = nodes.map((lease) => new FencedDatabase(database, lease))
      const beat = async () => {
        for (const node of nodes) await node.beat()
      }
      await beat()
      expect([a.isHeld, b.isHeld, b.holder]).toEqual([true, false, 'a'])
      await expect(writesB?.run([put('b')])).rejects.toThrow(/node 'a' synchronises/)
      for (now = 1000; now < 20_000; now += 1000) await beat()
      expect([a.isHeld, b.isHeld]).toEqual([true, false])
      // a is asleep from here on, and knows when it wakes that another one may have it.
      for (const until = now + 5_000; now < until; now += 1000) await b.beat()
      expect([a.isHeld, b.isHeld]).toEqual([false, true])
      expect(await writesB?.run([put('b')])).toEqual([1])
      await expect(writesA?.run([put('a')])).rejects.toThrow(/another node synchronises/)
      await a.beat()
      expect([a.isHeld, b.isHeld]).toEqual([false, true])
      await b.release()
      await beat()
      expect([a.isHeld, b.isHeld]).toEqual([true, false])
      expect((await database.query('select id from contacts')).map(({ id }) => id)).toEqual(['b'])
    })

    test('a node whose questions were long on their way does not take that for the silence of another', async () => {
      await using database = await opened()
      let now = 0
      const slow: Database = {
        run: (statements) => database.run(statements),
        async query(sql, parameters) {
          now += 10_000 // the network was cut, and is mended
          return database.query(sql, parameters)
        },
        [Symbol.asyncDispose]: async () => {},
      }
      const holder = new LeaseRow(database, 'a', 4_000, () => now)
      const other = new LeaseRow(slow, 'b', 4_000, () => now)
      await holder.beat()
      await other.beat()
      await other.beat()
      expect(other.epoch).toBe(null)
    })
  })
}
