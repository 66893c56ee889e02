import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StateUnavailable, type Database } from '../../src/state/database.ts'
import { JournaledRows } from '../../src/state/journaled-rows.ts'
import { migrate } from '../../src/state/migrate.ts'
import { DatabaseRows } from '../../src/state/row-store.ts'
import { openSqlite } from '../../src/state/sqlite.ts'
import { WrittenRows } from '../../src/state/written-rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A shared state that can be away, as the network would have it. */
async function openRig() {
  const folder = await temporaryFolder()
  const kept = await openSqlite(':memory:')
  await migrate(kept)
  const it = { isAway: false, now: 1_000 }
  const now = () => it.now
  const run: Database['run'] = async (statements) => {
    if (it.isAway) throw new StateUnavailable('away', { problem: 'unreachable' })
    return kept.run(statements)
  }
  const shared: Database = {
    run,
    query: kept.query.bind(kept),
    [Symbol.asyncDispose]: async () => undefined,
  }
  const openNode = async (most?: number) => {
    const stack = new AsyncDisposableStack()
    const journal = stack.use(await openSqlite(join(folder.path, 'node.db')))
    const store = new DatabaseRows(shared, now)
    const rows = stack.use(await JournaledRows.open(store, shared, journal, now, most))
    const contacts = await WrittenRows.open(rows, 'contacts')
    return { rows, contacts, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  }
  return {
    it,
    kept,
    openNode,
    uri: async (id: string) => {
      const [row] = await kept.query('select fields from contacts where id = $1', [id])
      return row && (JSON.parse(String(row['fields'])) as { uri: string }).uri
    },
    async [Symbol.asyncDispose]() {
      await kept[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const delivered = ({ rows }: { rows: JournaledRows }) =>
  new Promise<void>((resolve) => rows.onDelivered(() => resolve()))

test('a registration is kept while the state is away, over a restart, and delivered afterwards', async () => {
  await using rig = await openRig()
  {
    await using node = await rig.openNode()
    await node.contacts.put('b', { uri: 'before' })
    rig.it.isAway = true
    await node.contacts.put('a', { uri: 'first' })
    await node.contacts.put('a', { uri: 'second' })
    expect(await node.contacts.remove('b')).toBe(true)
    expect(node.rows.undelivered).toBe(2)
  }
  await using node = await rig.openNode()
  expect([...node.contacts.values()]).toEqual([{ uri: 'second' }])
  expect(await rig.uri('a')).toBeUndefined()
  const done = delivered(node)
  rig.it.isAway = false
  await done
  expect([await rig.uri('a'), await rig.uri('b')]).toEqual(['second', undefined])
  expect(node.rows.undelivered).toBe(0)
})

test('a late delivery does not replace what another node has written since', async () => {
  await using rig = await openRig()
  await using node = await rig.openNode()
  rig.it.isAway = true
  rig.it.now = 2_000
  await node.contacts.put('a', { uri: 'old' })
  await node.contacts.put('b', { uri: 'only here' })
  const sql = `insert into contacts (id, fields, changed_at) values ('a', '{"uri":"newer"}', 3000)`
  await rig.kept.run([{ sql }])
  const done = delivered(node)
  rig.it.isAway = false
  await done
  expect([await rig.uri('a'), await rig.uri('b')]).toEqual(['newer', 'only here'])
  await node.contacts.refresh(['a', 'b'])
  expect(node.contacts.get('a')).toEqual({ uri: 'newer' })
})

test('more phones than the journal takes are not acknowledged; those that it has may come again', async () => {
  await using rig = await openRig()
  await using node = await rig.openNode(2)
  rig.it.isAway = true
  await node.contacts.put('a', { uri: '1' })
  await node.contacts.put('b', { uri: '1' })
  await expect(node.contacts.put('c', { uri: '1' })).rejects.toThrow(/2 registrations wait/)
  await node.contacts.put('a', { uri: '2' })
  expect([...node.contacts.values()]).toEqual([{ uri: '2' }, { uri: '1' }])
})

test('what the state refuses is refused, and not kept for later', async () => {
  await using rig = await openRig()
  await using node = await rig.openNode()
  await rig.kept.run([{ sql: 'drop table contacts' }])
  await expect(node.contacts.put('a', { uri: '1' })).rejects.toThrow(/no such table/)
  expect([node.rows.undelivered, node.contacts.get('a')]).toEqual([0, undefined])
})
