import { describe, expect, test } from 'vitest'
import { DirectoryIncomplete, DirectoryUnavailable } from '../../src/directory/source.ts'
import { entry, openSyncRig } from './directory.ts'

const open = () => openSyncRig({ leavers: { graceMs: 0, next: 'disable', deleteAfterMs: null } })

describe('a complete read', () => {
  test('touches only what changed', async () => {
    await using it = await open()
    it.directory.entries = [entry('a', '501'), entry('b', '502'), entry('c', '503')]
    expect((await it.run()).counts).toMatchObject({ people: 3, added: 3, changed: 0, removed: 0 })
    const untouched = it.people.byExtension('501')
    it.directory.entries = [entry('a', '501'), entry('b', '602', 'renamed'), entry('d', '504')]
    const { counts } = await it.run()
    expect(counts).toMatchObject({ people: 3, added: 1, changed: 1, disabled: 1 })
    expect(it.people.byExtension('501')).toBe(untouched)
    expect(it.people.byExtension('502')).toBeUndefined()
    expect(it.people.byExtension('602')?.name).toBe('renamed')
    const touched = it.changes.at(-1)?.put.map(({ after }) => after.person.id)
    expect(touched).toEqual(['test/b', 'test/d', 'test/c'])
    expect(it.people.byExtension('503')).toBeUndefined()
  })

  test('reports an entry without an id and an id that comes twice, and takes everybody else', async () => {
    await using it = await open()
    it.directory.entries = [entry(null, '500'), entry('a', '501'), entry('a', '599')]
    const run = await it.run()
    expect(run.counts).toMatchObject({ entries: 3, people: 1, problems: 2 })
    expect(run.problems.map(({ text }) => text)).toEqual([
      'has no id',
      'the id test/a was read twice; the first one counts',
    ])
    expect(it.people.byExtension('501')).toBeDefined()
  })

  test('is kept: people, their secrets, the age of the data and the run', async () => {
    await using it = await open()
    it.directory.entries = [entry('a', '501')]
    await it.run()
    const kept = await Array.fromAsync(it.state.people.load())
    expect(kept.flat()).toEqual([...it.people.members()])
    expect(it.state.secrets.sip('test/a')).toMatch(/.{20}/)
    expect(await it.state.people.readAges()).toEqual(new Map([['test', it.time.now]]))
    expect(await it.state.runs.newest(5)).toMatchObject([{ source: 'test', outcome: 'done' }])
  })
})

describe('a read that is not proven complete changes nothing', () => {
  test.each([
    ['the directory dies in the middle', new DirectoryUnavailable('connection lost')],
    ['the directory holds something back', new DirectoryIncomplete('size limit')],
  ])('%s', async (_, failure) => {
    await using it = await open()
    it.directory.entries = [entry('a', '501'), entry('b', '502')]
    await it.run()
    it.directory.entries = [entry('a', '601')]
    it.directory.failure = failure
    const run = await it.run()
    expect(run).toMatchObject({ outcome: 'failed', error: failure.message })
    expect(it.people.byExtension('501')).toBeDefined()
    expect(it.people.byExtension('601')).toBeUndefined()
    expect(it.people.size).toBe(2)
    expect(it.sync.lastRun?.outcome).toBe('failed')
    expect(it.sync.readAt).toBe(it.time.now)
  })

  test('nobody at all where there were people is not believed', async () => {
    await using it = await open()
    it.directory.entries = [entry('a', '501')]
    await it.run()
    it.directory.entries = []
    expect((await it.run()).error).toMatch(
      /not one person, where there were 1 before.*check base, filter/,
    )
    expect(it.people.size).toBe(1)
  })

  test('a state that cannot keep it keeps the old people in force', async () => {
    const it = await open()
    it.directory.entries = [entry('a', '501')]
    await it.run()
    await it.state[Symbol.asyncDispose]()
    it.directory.entries = [entry('a', '601')]
    expect((await it.run()).outcome).toBe('failed')
    expect(it.people.byExtension('501')).toBeDefined()
  })
})

test('whoever asks during a run gets a run that began after he asked, and shares it', async () => {
  await using it = await open()
  it.directory.entries = [entry('a', '501')]
  const open1 = Promise.withResolvers<void>()
  it.directory.gate = open1.promise
  const first = it.run()
  const second = it.run()
  const third = it.run()
  it.directory.entries = [entry('a', '502')]
  open1.resolve()
  expect((await first).counts.added).toBe(1)
  expect(await second).toBe(await third)
  expect((await second).counts.changed).toBe(1)
  expect(it.directory.reads).toBe(2)
})

test('a run that is told to stop changes nothing', async () => {
  await using it = await open()
  it.directory.entries = [entry('a', '501')]
  const gate = Promise.withResolvers<void>()
  it.directory.gate = gate.promise
  const run = it.run()
  it.stop.abort()
  gate.resolve()
  expect((await run).outcome).toBe('failed')
  expect(it.people.size).toBe(0)
})
