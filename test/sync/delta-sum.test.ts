import { expect, test } from 'vitest'
import { delta, entry, hour, openSyncRig } from './directory.ts'

const company = (count: number) =>
  Array.from({ length: count }, (_, index) => entry(`p${index}`, String(1000 + index)))

/** Forty people, of whom five of a kind may be touched at once. */
const opened = async () => {
  const it = await openSyncRig()
  it.directory.entries = company(40)
  await it.run()
  const leave = async (index: number) => {
    it.directory.entries = it.directory.entries.filter(({ id }) => id !== `p${index}`)
    const run = await it.sync.apply(delta([], [`p${index}`]))
    await it.sync.idle()
    return run
  }
  const isMissing = (index: number) =>
    it.people.member(`test/p${index}`)?.standing?.missing !== undefined
  return Object.assign(it, { leave, isMissing })
}

const leaveOneByOne = async (it: Awaited<ReturnType<typeof opened>>, count: number) => {
  for (let index = 0; index < count; index++) {
    it.time.now += 1000
    await it.leave(index)
  }
}

test('people who are deleted one by one are held like people who are deleted at once', async () => {
  await using it = await opened()
  await leaveOneByOne(it, 8)
  expect([0, 4, 5, 7].map((index) => it.isMissing(index))).toEqual([true, true, false, false])
  const plan = await it.state.plans.get(it.sync.heldPlan ?? 0)
  expect(plan?.excess).toEqual([{ kind: 'remove', count: 6, limit: 5, earlier: 5 }])
  expect(it.sync.lastRun?.error).toMatch(
    /would have 1 people gone \(6 with 5 announced before\), 5 are/,
  )
  const run = await it.run()
  expect(run.counts).toMatchObject({ missing: 3 })
  expect(run.plan).toBe(it.sync.heldPlan)
})

test('a held plan stays held when the hour is over, and after a restart', async () => {
  await using it = await opened()
  await leaveOneByOne(it, 7)
  expect((await it.later(2 * hour)).outcome).toBe('held')
  const { state, directory } = it
  const again = await openSyncRig({ state, directory })
  again.time.now = it.time.now + hour
  expect(await again.run()).toMatchObject({ outcome: 'held', plan: it.sync.heldPlan })
  again.stop.abort()
})

test('a plan that is held for something else keeps nobody from leaving for ever', async () => {
  await using it = await opened()
  it.directory.entries = company(40).map((each) => entry(each.id, `${each.id}`.slice(1), 'renamed'))
  expect((await it.run()).outcome).toBe('held')
  for (let index = 0; index < 12; index++) {
    it.time.now += hour / 4
    expect((await it.leave(index))?.outcome).toBe('done')
  }
})

test('before anything is held, a restart does not begin to count anew', async () => {
  await using it = await opened()
  await leaveOneByOne(it, 5)
  const { state, directory } = it
  const again = await openSyncRig({ state, directory })
  again.time.now = it.time.now
  directory.entries = directory.entries.slice(1)
  expect(await again.run()).toMatchObject({ outcome: 'held', counts: { missing: 1 } })
  again.stop.abort()
})

test('approving counts for those who were announced before, too', async () => {
  await using it = await opened()
  await leaveOneByOne(it, 7)
  const plan = it.sync.heldPlan ?? 0
  await it.run()
  const held = it.sync.heldPlan ?? plan
  const { digest = '' } = (await it.state.plans.get(held)) ?? {}
  expect((await it.sync.approve(held, digest)).outcome).toBe('done')
  expect((await it.leave(7))?.outcome).toBe('done')
})

test('after the hour others may leave', async () => {
  await using it = await opened()
  await leaveOneByOne(it, 5)
  it.time.now += hour
  expect((await it.leave(5))?.outcome).toBe('done')
  expect(it.sync.heldPlan).toBeNull()
})

test('a tool that deletes and adds the same people again is no wave of leavers', async () => {
  await using it = await opened()
  for (let index = 0; index < 20; index++) {
    const run = await it.sync.apply(delta([], [`p${index}`]))
    expect(run?.outcome).toBe('done')
    await it.sync.apply(delta([entry(`p${index}`, String(1000 + index))]))
  }
  expect(it.sync.heldPlan).toBeNull()
})

test('somebody who changes again and again counts once, and kinds are counted apart', async () => {
  await using it = await opened()
  for (let round = 0; round < 12; round++) {
    const run = await it.sync.apply(delta([entry('p0', '1000', `name ${round}`)]))
    expect(run?.outcome).toBe('done')
  }
  await leaveOneByOne(it, 7)
  expect(it.sync.heldPlan).not.toBeNull()
  expect((await it.sync.apply(delta([entry('new', '2000')])))?.counts.added).toBe(1)
})
