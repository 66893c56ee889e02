import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, everybody, linus, openBranch, zoe, type Branch } from './branch.ts'
import { forgetsContract } from './forgets.ts'
import { lampsContract, lampsOverRestartsContract } from './lamps.ts'
import { leaversContract } from './leavers.ts'
import { wokenContract } from './woken.ts'

let branch: Branch
beforeAll(async () => {
  branch = await openBranch(22)
})
afterAll(() => branch[Symbol.asyncDispose]())

describe('Asterisk 22 with a cache without end', () => forgetsContract(() => branch))
describe('busy lamps of Asterisk 22', () => lampsContract(() => branch))
describe('and over restarts', () => lampsOverRestartsContract(() => branch))
describe('somebody who left', () => leaversContract(() => branch))
describe('phones that Asterisk 22 knows', () => wokenContract(() => branch))

test('a contact that Asterisk cuts is not kept, one that just fits is', async () => {
  const kept = () =>
    Array.from(branch.company().service.state.contacts.values(), ({ uri = '' }) => uri)
      .filter((uri) => uri.includes('ppp'))
      .map((uri) => uri.slice(0, uri.indexOf('@')))
  await using long = await branch.phone(ada, { contactUser: 'p'.repeat(240) })
  const refused = await long.register()
  expect(refused.status).toBe(200)
  expect(refused.contacts.join()).not.toContain('ppp')
  expect(kept()).toEqual([])
  await using short = await branch.phone(ada, { contactUser: 'p'.repeat(220) })
  expect((await short.register()).contacts.join()).toContain('ppp')
  expect(kept()).toEqual([`sip:${'p'.repeat(220)}`])
})

test('a busy lamp goes on following a phone whose owner changed', async () => {
  await using watcher = await branch.phone(zoe)
  await using watched = await branch.phone(ada)
  await watcher.register()
  await watched.register()
  await watcher.lamp('501', 'free')
  await branch.change([{ ...ada, name: 'Ada King' }, zoe, linus])
  await branch.told()
  const out = await watcher.call('501')
  await (await watched.incoming()).answer()
  await watcher.lamp('501', 'busy')
  await out.hangUp()
  await watcher.lamp('501', 'free')
  await branch.change(everybody)
  await branch.told()
})
