import { describe, expect, test } from 'vitest'
import { delta, entry, having, openSyncRig } from './directory.ts'

const a = entry('a', '501')
const b = entry('b', '502')

describe('an entry that is the same as at the last read', () => {
  test('is not handed out again, and its person is there as before', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [a, b]
    await it.run()
    expect(it.directory.unchanged).toBe(0)
    const person = it.people.byExtension('501')
    const { counts } = await it.run()
    expect(it.directory.unchanged).toBe(2)
    expect(counts).toMatchObject({ entries: 2, people: 2, added: 0, changed: 0, removed: 0 })
    expect(it.people.byExtension('501')).toBe(person)
    await it.run()
    expect(it.directory.unchanged).toBe(2)
  })

  test('is read anew after a start, since another version may make another person of it', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [a, b]
    await it.run()
    await using again = await openSyncRig({ state: it.state, directory: it.directory })
    expect((await again.run()).counts).toMatchObject({ people: 2, added: 0 })
    expect(it.directory.unchanged).toBe(0)
  })

  test('is read anew when time alone may change the person', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [having(a, 'until', 'tomorrow'), b]
    await it.run()
    await it.run()
    expect(it.directory.unchanged).toBe(1)
  })

  test('counts once when it comes twice', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [a, b, a]
    await it.run()
    const run = await it.run()
    expect(run.counts).toMatchObject({ entries: 3, people: 2, problems: 1 })
    expect(run.problems[0]?.text).toContain('test/a was read twice')
  })
})

describe('what was read is known only when it was taken over', () => {
  test('a read that broke off', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [a, b]
    await it.run()
    it.directory.entries = [entry('a', '601'), b]
    it.directory.failure = new Error('connection lost')
    await it.run()
    it.directory.failure = null
    await it.run()
    expect(it.people.byExtension('601')?.id).toBe('test/a')
  })

  test('a plan that was held and then shrank', async () => {
    await using it = await openSyncRig({ limits: { changes: 1, percent: 1 } })
    it.directory.entries = [a, b, entry('c', '503')]
    await it.run()
    it.directory.entries = [entry('a', '601'), entry('b', '602'), entry('c', '503')]
    expect((await it.run()).outcome).toBe('held')
    it.directory.entries = [entry('a', '601'), b, entry('c', '503')]
    expect((await it.run()).outcome).toBe('done')
    expect(it.people.byExtension('601')?.id).toBe('test/a')
    expect(it.people.byExtension('502')?.id).toBe('test/b')
  })

  test('a secret that the state could not keep', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [having(a, 'secret', 'first')]
    await it.run()
    const { provide } = it.state.secrets
    it.state.secrets.provide = () => Promise.reject(new Error('disk full'))
    it.directory.entries = [having(a, 'secret', 'second')]
    expect((await it.run()).outcome).toBe('failed')
    it.state.secrets.provide = provide
    await it.run()
    expect(it.state.secrets.sip('test/a')).toBe('second')
  })
})

describe('the entry is as it was at the last read, and the person is not', () => {
  test('since a delta that was taken back in silence changed him', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [a, b]
    await it.run()
    await it.sync.apply(delta([entry('a', '601')]))
    expect(it.people.byExtension('601')?.id).toBe('test/a')
    await it.run()
    expect(it.people.byExtension('601')).toBeUndefined()
    expect(it.people.byExtension('501')?.id).toBe('test/a')
  })

  test('since a delta brought him another secret only', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [having(a, 'secret', 'first'), b]
    await it.run()
    await it.sync.apply(delta([having(a, 'secret', 'second')]))
    expect(it.state.secrets.sip('test/a')).toBe('second')
    await it.run()
    expect(it.state.secrets.sip('test/a')).toBe('first')
  })

  test('since he was missing for a while', async () => {
    await using it = await openSyncRig({
      leavers: { graceMs: 0, next: 'disable', deleteAfterMs: null },
    })
    it.directory.entries = [a, b]
    await it.run()
    it.directory.entries = [b]
    await it.run()
    expect(it.people.get('test/a')?.disabled).toBe('left')
    it.directory.entries = [a, b]
    expect((await it.run()).counts).toMatchObject({ people: 2 })
    expect(it.people.byExtension('501')?.disabled).toBeNull()
  })

  test('since an administrator took him out of the hands of the directory and gave him back', async () => {
    await using it = await openSyncRig()
    it.directory.entries = [having(a, 'secret', 'first'), b]
    await it.run()
    await it.sync.decide('test/a', 'unmanage')
    it.directory.entries = [having(a, 'secret', 'second'), b]
    await it.run()
    await it.sync.decide('test/a', 'manage')
    await it.run()
    expect(it.state.secrets.sip('test/a')).toBe('second')
  })

  test('since his secret was reset to what the directory says', async () => {
    const secrets = { initialPin: null, overwrite: { sip: 'never' } } as const
    await using it = await openSyncRig({ synced: { secrets } })
    it.directory.entries = [having(a, 'secret', 'dictated'), b]
    await it.run()
    await it.state.secrets.choose('test/a', 'sip', 'chosen')
    expect(await it.sync.resetSecret('test/a', 'sip')).toBe('directory')
    expect(it.state.secrets.sip('test/a')).toBe('dictated')
  })

  test('since he chose a secret, and what the directory says counts always', async () => {
    const secrets = { initialPin: null, overwrite: { sip: 'always' } } as const
    await using it = await openSyncRig({ synced: { secrets } })
    it.directory.entries = [having(a, 'secret', 'dictated'), b]
    await it.run()
    await it.state.secrets.choose('test/a', 'sip', 'chosen')
    await it.run()
    expect(it.state.secrets.sip('test/a')).toBe('dictated')
  })
})
