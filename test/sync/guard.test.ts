import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/state/runs.ts'
import { compileGuard, limitOf } from '../../src/sync/guard.ts'
import { entry, having, openSyncRig } from './directory.ts'

const company = (count: number) =>
  Array.from({ length: count }, (_, index) => entry(`p${index}`, String(1000 + index)))

const opened = async (count: number) => {
  const it = await openSyncRig()
  it.directory.entries = company(count)
  await it.run()
  return it
}

/** The plan that a run was held for. */
const held = (run: Run): number => {
  expect(run.outcome).toBe('held')
  return run.plan ?? Number.NaN
}

const digestOf = async (it: Awaited<ReturnType<typeof opened>>, id: number) =>
  (await it.state.plans.get(id))?.digest ?? ''

describe('limits', () => {
  const guard = compileGuard(
    { guard: { changes: 25, percent: 10, remove: { changes: 3 }, expires: '7d', window: '1h' } },
    { guard: { add: { percent: 50 } } },
  )
  test.each([
    ['change', 20, 5],
    ['disable', 200, 20],
    ['disable', 100_000, 25],
    ['remove', 100_000, 3],
    ['add', 50, 25],
    ['add', 1000, 25],
  ] as const)('%s of %i people: %i', (kind, known, limit) => {
    expect(limitOf(kind, known, guard)).toBe(limit)
  })
})

describe('a run that tells more about everybody', () => {
  const titled = (title: string) => company(40).map((each) => having(each, 'title', title))

  test('than was known before is not held', async () => {
    await using it = await opened(40)
    it.directory.entries = titled('Engineer')
    expect(await it.run()).toMatchObject({ outcome: 'done', counts: { changed: 40 } })
  })

  test('and something else than before is', async () => {
    await using it = await opened(40)
    it.directory.entries = titled('Engineer')
    await it.run()
    it.directory.entries = titled('Minister')
    expect((await it.run()).outcome).toBe('held')
  })
})

describe('a run that would change too much', () => {
  test('is held: nobody is changed, and the plan says who it would be', async () => {
    await using it = await opened(40)
    it.directory.entries = company(40).slice(0, 30)
    const run = await it.run()
    const plan = await it.state.plans.get(held(run))
    expect(run.error).toMatch(/10 people gone, 5 are allowed; see it with: peerage plans 1/)
    expect(it.people.size).toBe(40)
    expect(it.people.claimantMembers('1039')[0]?.standing).toBeUndefined()
    expect(plan?.items.map(({ kind, extension }) => `${kind} ${extension}`)).toContain(
      'missing 1039',
    )
    expect(plan?.effects.numbers).toContainEqual({
      kind: 'extension',
      number: '1039',
      before: [{ id: 'test/p39', name: 'name of p39' }],
      after: [],
    })
    expect(it.sync.heldPlan).toBe(plan?.id)
  })

  test('stays the same plan while the directory says the same, also after a restart', async () => {
    await using it = await opened(40)
    it.directory.entries = company(40).slice(0, 30)
    const first = held(await it.run())
    expect(held(await it.later(60_000))).toBe(first)
    const { state, directory } = it
    const again = await openSyncRig({ state, directory })
    expect(again.sync.heldPlan).toBe(first)
    expect(held(await again.run())).toBe(first)
    it.directory.entries = company(40).slice(0, 29)
    const other = held(await it.run())
    expect(other).not.toBe(first)
    expect((await it.state.plans.get(first))?.status).toBe('gone')
  })

  test('is forgotten when the difference went away, and applied when it is small again', async () => {
    await using it = await opened(40)
    it.directory.entries = company(40).slice(0, 30)
    const plan = held(await it.run())
    it.directory.entries = company(40).slice(0, 38)
    expect(await it.run()).toMatchObject({ outcome: 'done', counts: { missing: 2 } })
    expect((await it.state.plans.get(plan))?.status).toBe('gone')
    expect(it.sync.heldPlan).toBeNull()
  })

  test('is another plan when nobody decided in time', async () => {
    await using it = await opened(40)
    it.directory.entries = company(40).slice(0, 30)
    const first = held(await it.run())
    expect(held(await it.later(8 * 86_400_000))).not.toBe(first)
    expect((await it.state.plans.get(first))?.status).toBe('expired')
  })

  test('a first import, and one that a crash cut short, passes', async () => {
    await using it = await openSyncRig()
    it.directory.entries = company(100)
    expect((await it.run()).counts.added).toBe(100)
  })
})

describe('approving', () => {
  test('applies what was shown, and what follows from it needs no second approval', async () => {
    await using it = await opened(40)
    it.directory.entries = company(40).slice(0, 30)
    const plan = held(await it.run())
    const run = await it.sync.approve(plan, await digestOf(it, plan))
    expect(run).toMatchObject({ outcome: 'done', counts: { missing: 10 } })
    expect((await it.state.plans.get(plan))?.status).toBe('approved')
    await it.later(86_400_000)
    expect((await it.later(60_000)).counts).toMatchObject({ disabled: 10 })
    expect(it.people.byExtension('1039')).toBeUndefined()
  })

  test('holds a new plan when the directory says something else by now', async () => {
    await using it = await opened(40)
    it.directory.entries = company(40).slice(0, 30)
    const plan = held(await it.run())
    it.directory.entries = company(40).slice(0, 20)
    const run = await it.sync.approve(plan, await digestOf(it, plan))
    expect(held(run)).not.toBe(plan)
    expect(run.error).toMatch(/^plan 1 was not applied, because the directory says something else/)
    expect(it.people.byExtension('1039')).toBeDefined()
  })

  test('where an entry stands in the directory makes no other plan', async () => {
    await using it = await opened(40)
    const left = company(40).slice(0, 30)
    it.directory.entries = left
    const plan = held(await it.run())
    it.directory.entries = left.map((each) => ({ ...each, dn: `${each.dn},ou=moved` }))
    const run = await it.sync.approve(plan, await digestOf(it, plan))
    expect(run.outcome).toBe('done')
    expect(it.people.byExtension('1000')?.dn).toBe('uid=p0,ou=people,ou=moved')
  })
})

test('what was rejected is not proposed again until it is something else; the rest goes on', async () => {
  await using it = await opened(40)
  const renamed = company(40).map((each, index) =>
    index < 10 ? entry(`p${index}`, `${1000 + index}`, 'wrong') : each,
  )
  it.directory.entries = renamed
  expect(await it.sync.reject(held(await it.run()))).toBe(true)
  it.directory.entries = [...renamed, entry('new', '2000')]
  const run = await it.run()
  expect(run).toMatchObject({ outcome: 'done', counts: { added: 1, changed: 0 } })
  expect(run.problems[0]?.text).toMatch(/10 changes that the directory proposes were rejected/)
  expect(it.people.byExtension('1000')?.name).toBe('name of p0')
  it.directory.entries = [entry('p0', '1000', 'right'), ...it.directory.entries.slice(1)]
  expect((await it.run()).counts.changed).toBe(1)
  expect(it.people.byExtension('1000')?.name).toBe('right')
})
