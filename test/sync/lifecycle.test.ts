import { describe, expect, test } from 'vitest'
import { lifecycleOf } from '../../src/people/standing.ts'
import { DirectoryUnavailable } from '../../src/directory/source.ts'
import { day, entry, hour, openSyncRig, type SyncRigOptions } from './directory.ts'

const ada = entry('ada', '501')
const bob = entry('bob', '502')

async function opened(options: SyncRigOptions = {}) {
  const it = await openSyncRig(options)
  it.directory.entries = [ada, bob]
  await it.run()
  const bobs = () => {
    const member = it.people.member('test/bob')
    return member ? lifecycleOf(member.person, member.standing) : 'deleted'
  }
  return Object.assign(it, { bobs })
}

describe('somebody who is not in the directory any more', () => {
  test('is missing, then disabled, then deleted with his secrets', async () => {
    await using it = await opened()
    const secret = it.state.secrets.sip('test/bob')
    it.directory.entries = [ada]
    expect((await it.later(hour)).counts.missing).toBe(1)
    expect(it.bobs()).toBe('missing')
    expect(it.people.byExtension('502')?.name).toBe('name of bob')
    await it.later(23 * hour)
    expect(it.bobs()).toBe('missing')
    expect((await it.later(hour)).counts.disabled).toBe(1)
    expect(it.bobs()).toBe('disabled')
    expect(it.people.get('test/bob')?.disabled).toBe('left')
    expect(it.people.byExtension('502')).toBeUndefined()
    expect(it.state.secrets.sip('test/bob')).toBe(secret)
    for (let days = 0; days < 29; days++) await it.later(day)
    expect(it.bobs()).toBe('disabled')
    expect((await it.later(day)).counts.removed).toBe(1)
    expect(it.bobs()).toBe('deleted')
    expect(it.state.secrets.sip('test/bob')).toBeUndefined()
    expect(
      await it.state.database.query(`select * from secrets where person = 'test/bob'`),
    ).toEqual([])
  })

  test.each(['missing', 'disabled'] as const)(
    'is back at once with the same secret when he was %s',
    async (stage) => {
      await using it = await opened()
      const secret = it.state.secrets.sip('test/bob')
      it.directory.entries = [ada]
      await it.run()
      if (stage === 'disabled') for (const wait of [day, hour]) await it.later(wait)
      expect(it.bobs()).toBe(stage)
      it.directory.entries = [ada, bob]
      expect((await it.run()).counts).toMatchObject({ back: 1, added: 0 })
      expect(it.bobs()).toBe('active')
      expect(it.people.byExtension('502')).toBeDefined()
      expect(it.state.secrets.sip('test/bob')).toBe(secret)
      expect(it.people.member('test/bob')?.standing).toBeUndefined()
    },
  )

  test('does not age while the directory is dead', async () => {
    await using it = await opened()
    it.directory.entries = [ada]
    await it.run()
    it.directory.failure = new DirectoryUnavailable('dead')
    for (let days = 0; days < 60; days++) await it.later(day)
    it.directory.failure = null
    await it.later(60_000)
    expect(it.bobs()).toBe('missing')
  })

  test('is not deleted by a clock that jumps', async () => {
    await using it = await opened()
    it.directory.entries = [ada]
    await it.run()
    for (const jump of [20 * 365 * day, -40 * 365 * day, 20 * 365 * day, 60_000]) {
      await it.later(jump)
      expect(it.bobs()).not.toBe('deleted')
    }
    it.directory.entries = [ada, bob]
    await it.run()
    expect(it.bobs()).toBe('active')
  })

  test('yields his extension to whoever is there, and has it again when he is back alone', async () => {
    await using it = await opened()
    it.directory.entries = [ada]
    await it.run()
    it.directory.entries = [ada, entry('eve', '502')]
    await it.run()
    expect(it.people.byExtension('502')?.id).toBe('test/eve')
    expect(it.people.byDid('+49502').map(({ id }) => id)).toEqual(['test/eve'])
    expect([...it.people.conflicts()]).toEqual([])
  })

  test('is kept for ever, or deleted after the grace, where the configuration says so', async () => {
    const leavers = (next: 'keep' | 'delete') => ({ graceMs: day, next, deleteAfterMs: null })
    await using kept = await opened({ leavers: leavers('keep') })
    await using deleted = await opened({ leavers: leavers('delete') })
    for (const it of [kept, deleted]) {
      it.directory.entries = [ada]
      await it.run()
      for (let days = 0; days < 40; days++) await it.later(day)
    }
    expect(kept.bobs()).toBe('missing')
    expect(deleted.bobs()).toBe('deleted')
  })

  test('keeps his place in the lifecycle through a restart', async () => {
    await using it = await opened()
    it.directory.entries = [ada]
    await it.run()
    const { state, directory } = it
    const again = await openSyncRig({ state, directory })
    again.time.now = it.time.now
    await again.later(day)
    await again.later(hour)
    expect(again.people.get('test/bob')?.disabled).toBe('left')
  })
})

describe('an administrator', () => {
  test('disables somebody, and no run undoes it', async () => {
    await using it = await opened()
    await it.sync.decide('test/bob', 'disable')
    it.directory.entries = [ada, entry('bob', '502', 'Bob the second')]
    expect((await it.run()).counts.changed).toBe(1)
    expect(it.people.get('test/bob')).toMatchObject({
      name: 'Bob the second',
      disabled: 'administrator',
    })
    expect((await it.run()).counts.changed).toBe(0)
    await it.sync.decide('test/bob', 'enable')
    expect(it.people.byExtension('502')).toBeDefined()
    it.directory.entries = [ada, entry('bob', '502', 'Bob', 'disabled')]
    await it.run()
    expect(it.people.byExtension('502')).toBeUndefined()
  })

  test('lets in who is disabled in the directory, until the directory agrees', async () => {
    await using it = await opened()
    const shut = entry('bob', '502', 'Bob', 'disabled')
    it.directory.entries = [ada, shut]
    expect((await it.run()).counts.disabled).toBe(1)
    await it.sync.decide('test/bob', 'enable')
    await it.run()
    expect(it.people.byExtension('502')).toBeDefined()
    it.directory.entries = [ada, bob]
    await it.run()
    it.directory.entries = [ada, shut]
    await it.run()
    expect(it.people.byExtension('502')).toBeUndefined()
  })

  test('takes somebody out of the hands of the directory, and gives him back', async () => {
    await using it = await opened()
    await it.sync.decide('test/bob', 'unmanage')
    it.directory.entries = [ada, entry('bob', '599')]
    await it.run()
    expect(it.people.byExtension('502')?.id).toBe('test/bob')
    it.directory.entries = [ada]
    for (let days = 0; days < 40; days++) await it.later(day)
    expect(it.people.byExtension('502')?.id).toBe('test/bob')
    expect(it.bobs()).toBe('unmanaged')
    await it.sync.decide('test/bob', 'manage')
    await it.run()
    expect(it.bobs()).toBe('missing')
  })

  test('his word survives a restart, and a read that was on its way', async () => {
    await using it = await opened()
    const gate = Promise.withResolvers<void>()
    it.directory.gate = gate.promise
    it.directory.entries = [ada, entry('bob', '502', 'renamed')]
    const run = it.run()
    await it.sync.decide('test/bob', 'disable')
    gate.resolve()
    await run
    expect(it.people.get('test/bob')?.disabled).toBe('administrator')
    const again = await openSyncRig({ state: it.state, directory: it.directory })
    expect(again.people.get('test/bob')?.disabled).toBe('administrator')
  })
})
