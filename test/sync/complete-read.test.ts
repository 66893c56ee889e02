import { describe, expect, test } from 'vitest'
import { DirectoryUnavailable } from '../../src/directory/source.ts'
import { keepInSync } from '../../src/sync/schedule.ts'
import { delta, entry, openSyncRig, type SyncRigOptions } from './directory.ts'

const company = (count: number) =>
  Array.from({ length: count }, (_, index) => entry(`p${index}`, String(1000 + index)))

const followed = async (options: SyncRigOptions = {}) => {
  const it = await openSyncRig(options)
  it.directory.entries = company(12)
  await keepInSync(it.sync, it.directory, { schedule: '0 0 1 1 *' }, it.log, it.stop.signal, 10)
  return it
}

describe('a complete read of a source that announces changes', () => {
  test('says how many it had to heal', async () => {
    await using it = await followed()
    it.directory.entries = [...company(12).slice(2), entry('new', '2000')]
    const run = await it.sync.run('schedule')
    expect(run.counts).toMatchObject({ added: 1, missing: 2, healed: 3 })
    expect(run.changes.map(({ id }) => id)).toContain('test/new')
    expect((await it.state.runs.get(run.id))?.counts.healed).toBe(3)
  })

  test('has nothing to heal of what was announced, or what time brings about', async () => {
    await using it = await followed()
    it.directory.entries = [entry('p0', '1000', 'Ada', 'expired'), ...company(12).slice(2)]
    await it.sync.apply(delta([], ['p1']))
    const run = await it.sync.run('schedule')
    expect(run.counts).toMatchObject({ disabled: 1, healed: 0 })
    for (let count = 0; count < 3; count++) await it.later(86_400_000)
    expect(it.sync.lastRun?.counts.healed).toBe(0)
    expect(it.people.byExtension('1001')).toBeUndefined()
  })

  test('heals nothing when the read before it had failed', async () => {
    await using it = await followed()
    it.directory.failure = new DirectoryUnavailable('dead')
    await it.sync.run('schedule')
    it.directory.failure = null
    it.directory.entries = company(14)
    expect((await it.sync.run('schedule')).counts).toMatchObject({ added: 2, healed: 0 })
  })

  test('heals nothing when it was told to read, or is not told of changes any more', async () => {
    await using it = await followed()
    it.directory.entries = company(13)
    const changed = new Promise<void>((resolve) => it.people.onChange(() => resolve()))
    it.directory.announce({ kind: 'read-again' })
    await changed
    await it.sync.idle()
    expect(it.sync.lastRun?.counts).toMatchObject({ added: 1, healed: 0 })
    it.sync.follows(false)
    it.directory.entries = company(14)
    expect((await it.sync.run('schedule')).counts).toMatchObject({ added: 1, healed: 0 })
  })
})

describe('an attribute that nobody has', () => {
  const expected = [
    { field: 'mobile', attributes: ['mobiel'] },
    { field: 'name', attributes: ['displayname', 'name'] },
    { field: 'aliases', attributes: ['extension'] },
  ]

  test('is a problem of the read, though somebody else may be the one to blame', async () => {
    await using it = await openSyncRig({ synced: { expected } })
    it.directory.entries = company(12)
    const run = await it.run()
    expect(run.problems).toEqual([
      {
        entry: 'test',
        attribute: 'mobiel',
        text: 'was never returned for any of 12 entries: map.mobile names it wrongly, or the account has no right to read it',
      },
    ])
    expect(run.counts.problems).toBe(1)
    expect((await it.run()).problems).toHaveLength(1)
  })

  test('is none of a few entries, and options of an attribute are the attribute', async () => {
    await using it = await openSyncRig({ synced: { expected } })
    it.directory.entries = company(9)
    expect((await it.run()).problems).toEqual([])
    const [first, ...others] = company(12)
    const attributes = new Map([...(first?.attributes ?? []), ['mobiel;lang-nl', ['+31 6']]])
    it.directory.entries = first ? [{ ...first, attributes }, ...others] : []
    expect((await it.run()).problems).toEqual([])
  })
})

describe('a value that the directory does not have any more', () => {
  const ada = (extension: string, did = true) => {
    const { attributes, ...rest } = entry('ada', extension)
    const without = new Map(attributes)
    if (!did) without.set('did', [])
    return { ...rest, attributes: without }
  }

  test('is cleared', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [ada('501')]
    await it.run()
    it.directory.entries = [ada('501', false)]
    await it.run()
    expect(it.people.get('test/ada')?.dids).toEqual([])
  })

  test('stays when the field says keep, in reads, deltas and after a restart', async () => {
    await using it = await openSyncRig({ synced: { keep: ['did', 'extension'] } })
    it.directory.entries = [ada('501')]
    await it.run()
    it.directory.entries = [ada('', false)]
    expect((await it.run()).counts.changed).toBe(0)
    expect(it.people.byExtension('501')?.dids).toEqual(['+49501'])
    expect(await it.sync.apply(delta([ada('', false)]))).toBeNull()
    const { state, directory } = it
    const again = await openSyncRig({ state, directory, synced: { keep: ['did', 'extension'] } })
    await again.run()
    expect(again.people.byExtension('501')?.dids).toEqual(['+49501'])
    again.stop.abort()
    it.directory.entries = [ada('502')]
    await it.run()
    expect(it.people.byExtension('502')?.dids).toEqual(['+49502'])
  })

  test('is shown in a plan as one that stays', async () => {
    await using it = await openSyncRig({ synced: { keep: ['did'] } })
    it.directory.entries = [ada('501'), ...company(40)]
    await it.run()
    it.directory.entries = [ada('501', false), ...company(30)]
    const { plan } = await it.run()
    expect((await it.state.plans.get(plan ?? 0))?.kept).toEqual([
      { id: 'test/ada', name: 'name of ada', field: 'did', value: ['+49501'] },
    ])
  })
})
