import { describe, expect, test } from 'vitest'
import { DirectoryUnavailable } from '../../src/directory/source.ts'
import { keepInSync } from '../../src/sync/schedule.ts'
import { day, delta, entry, hour, openSyncRig, type SyncRigOptions } from './directory.ts'

const ada = entry('ada', '501')
const bob = entry('bob', '502')

/** A service's part: the source is followed as `keepInSync` does. */
async function follow(options: SyncRigOptions = {}) {
  const it = await openSyncRig(options)
  it.directory.entries = [ada, bob]
  const { sync, directory, log, stop } = it
  await keepInSync(sync, directory, { schedule: '0 0 1 1 *' }, log, stop.signal, 10)
  const changed = () => new Promise<void>((resolve) => it.people.onChange(() => resolve()))
  return Object.assign(it, { changed })
}

describe('what the directory announces', () => {
  test('is in force within milliseconds, without a read', async () => {
    await using it = await follow()
    const waits: number[] = []
    for (let round = 0; round < 20; round++) {
      const changed = it.changed()
      const began = performance.now()
      it.directory.announce(delta([entry('bob', String(600 + round))]))
      await changed
      waits.push(performance.now() - began)
      expect(it.people.byExtension(String(600 + round))?.id).toBe('test/bob')
    }
    expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(50)
    expect(it.people.byExtension('501')).toBeDefined()
    expect(it.directory.reads).toBe(1)
  })

  test('is kept with the secret of who is new, and told as a run of its own', async () => {
    await using it = await follow()
    const run = await it.sync.apply(delta([entry('eve', '503')]))
    expect(run).toMatchObject({ reason: 'delta', outcome: 'done', counts: { added: 1, people: 3 } })
    const kept = (await Array.fromAsync(it.state.people.load())).flat()
    expect(kept.map(({ person }) => person.id)).toContain('test/eve')
    expect(it.state.secrets.sip('test/eve')).toMatch(/.{20}/)
    expect(await it.sync.apply(delta([entry('eve', '503')]))).toBeNull()
  })

  test('says nothing about the rest; who is gone is missing first', async () => {
    await using it = await follow()
    const run = await it.sync.apply(delta([], ['bob', 'never heard of']))
    expect(run?.counts).toMatchObject({ missing: 1 })
    expect(it.people.byExtension('502')).toBeDefined()
    it.directory.entries = [ada]
    await it.later(day)
    await it.later(hour)
    expect(it.people.byExtension('502')).toBeUndefined()
    await it.sync.apply(delta([bob]))
    expect(it.people.byExtension('502')).toBeDefined()
  })

  test('an entry that makes no person any more is as good as gone', async () => {
    await using it = await follow()
    const run = await it.sync.apply(delta([{ ...bob, id: null }], ['bob']))
    expect(run?.counts).toMatchObject({ missing: 1, problems: 1 })
  })

  test('together is one run, and the last word counts', async () => {
    await using it = await follow()
    const count = it.changes.length
    const runs = await Promise.all([
      it.sync.apply(delta([entry('bob', '601')])),
      it.sync.apply(delta([entry('eve', '602')], ['bob'])),
      it.sync.apply(delta([entry('bob', '603')])),
    ])
    expect(new Set(runs.map((run) => run?.id)).size).toBe(1)
    expect(it.changes).toHaveLength(count + 1)
    expect(it.people.byExtension('603')?.id).toBe('test/bob')
  })

  test('while everything is read is newer than what is read', async () => {
    await using it = await follow()
    const gate = Promise.withResolvers<void>()
    it.directory.gate = gate.promise
    const run = it.run()
    const changed = it.changed()
    it.directory.announce(delta([entry('bob', '777'), entry('eve', '503')], ['ada']))
    await changed
    expect(it.people.byExtension('777')).toBeDefined()
    gate.resolve()
    expect(await run).toMatchObject({
      outcome: 'done',
      counts: { changed: 0, back: 0, missing: 0 },
    })
    expect(it.people.byExtension('777')).toBeDefined()
    expect(it.people.byExtension('503')).toBeDefined()
    expect(it.people.member('test/ada')?.standing?.missing).not.toBeNull()
  })

  test('in great numbers is read as a whole, and held', async () => {
    await using it = await follow()
    const many = Array.from({ length: 12 }, (_, index) => entry(`p${index}`, `${700 + index}`))
    it.directory.entries = [ada, bob, ...many]
    expect(await it.sync.apply(delta(many))).toBeNull()
    await it.sync.idle()
    expect(it.people.size).toBe(2)
    expect(it.sync.lastRun).toMatchObject({ reason: 'change', outcome: 'held' })
  })

  test('before the first complete read is no import', async () => {
    await using it = await openSyncRig()
    it.directory.failure = new DirectoryUnavailable('dead')
    await it.run()
    expect(await it.sync.apply(delta([bob]))).toBeNull()
    await it.sync.idle()
    expect(it.people.size).toBe(0)
  })

  test('that could not be kept leaves the old people in force', async () => {
    const it = await follow()
    await it.state[Symbol.asyncDispose]()
    expect((await it.sync.apply(delta([entry('bob', '777')])))?.outcome).toBe('failed')
    expect(it.people.byExtension('502')).toBeDefined()
    it.stop.abort()
  })
})

test('after "read again" everything is read', async () => {
  await using it = await follow()
  it.directory.entries = [ada, entry('bob', '599')]
  const changed = it.changed()
  it.directory.announce({ kind: 'read-again' })
  await changed
  expect(it.people.byExtension('599')).toBeDefined()
  expect(it.directory.reads).toBe(2)
})

test('a directory that stops announcing is asked anew, and read again for what was missed', async () => {
  await using it = await follow()
  it.directory.entries = [ada, entry('bob', '599')]
  const changed = it.changed()
  it.directory.break()
  await changed
  expect(it.people.byExtension('599')).toBeDefined()
  expect(it.directory.listened).toBe(2)
  const next = it.changed()
  it.directory.announce(delta([entry('bob', '600')]))
  await next
  expect(it.people.byExtension('600')).toBeDefined()
})

test('a delta that could not be kept is made up for by a complete read', async () => {
  await using it = await follow()
  const { database } = it.state
  const trigger = `create trigger refuse before insert on people begin select raise(abort, 'no'); end`
  await database.run([{ sql: trigger }])
  it.directory.entries = [ada, entry('bob', '599')]
  it.directory.announce(delta([entry('bob', '599')]))
  while (it.directory.reads < 3) await new Promise(setImmediate)
  expect(it.people.byExtension('502')).toBeDefined()
  const changed = it.changed()
  await database.run([{ sql: 'drop trigger refuse' }])
  await changed
  expect(it.people.byExtension('599')).toBeDefined()
})
