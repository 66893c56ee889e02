import { expect, test } from 'vitest'
import { delta, entry, openSyncRig } from '../sync/directory.ts'

const company = (count: number, name = 'One') =>
  Array.from({ length: count }, (_, index) => entry(`p${index}`, String(1000 + index), name))

test('a disk that is full in the middle of a run changes nobody, and heals by itself', async () => {
  await using it = await openSyncRig({ limits: { changes: 10_000, percent: 100 } })
  it.directory.entries = company(1200)
  await it.run()
  const { database } = it.state
  const [size] = await database.query('pragma page_count')
  await database.query(`pragma max_page_count = ${size?.['page_count']}`)
  it.directory.entries = company(1200, 'A much longer name than it was before '.repeat(6))
  const run = await it.run()
  expect(run).toMatchObject({ outcome: 'failed', error: expect.stringMatching(/full.*free space/) })
  expect(it.people.byExtension('1000')?.name).toBe('One')
  expect(it.people.byExtension('2199')?.name).toBe('One')
  expect((await it.sync.apply(delta(company(1, 'x'.repeat(250_000)))))?.outcome).toBe('failed')
  expect(it.people.byExtension('1000')?.name).toBe('One')
  await database.query('pragma max_page_count = 1000000')
  expect((await it.run()).outcome).toBe('done')
  expect(it.people.byExtension('2199')?.name).toMatch(/^A much longer/)
})

test('whoever is deleted loses his secrets in the same commit', async () => {
  const leavers = { graceMs: 0, next: 'delete', deleteAfterMs: null } as const
  await using it = await openSyncRig({ leavers })
  it.directory.entries = company(3)
  await it.run()
  const { database } = it.state
  await database.run([
    {
      sql: `create trigger refuse before delete on secrets begin select raise(abort, 'no'); end`,
    },
  ])
  it.directory.entries = company(2)
  expect((await it.run()).outcome).toBe('failed')
  expect(it.people.byExtension('1002')).toBeDefined()
  expect(await database.query(`select id from people where id = 'test/p2'`)).toHaveLength(1)
  await database.run([{ sql: 'drop trigger refuse' }])
  expect((await it.run()).counts.removed).toBe(1)
  expect(await database.query(`select person from secrets where person = 'test/p2'`)).toEqual([])
})
