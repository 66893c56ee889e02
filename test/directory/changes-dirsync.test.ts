import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DirectoryOptions } from '../../src/directory/sources.ts'
import {
  type FakeDomainController,
  context,
  startFakeDomainController,
} from './fake-domain-controller.ts'
import type { FakeRequest } from './fake-ldap.ts'
import { uuidOf } from './fake-sync.ts'
import { type Following, follow, has } from './following.ts'
import { checkAll, openPeople } from './reading.ts'

let controller: FakeDomainController
let following: Following

beforeEach(async () => {
  controller = await startFakeDomainController()
})

afterEach(async () => {
  await following?.[Symbol.asyncDispose]()
  await controller[Symbol.asyncDispose]()
})

function open(options: DirectoryOptions = {}) {
  const { url } = controller.server
  const usual: DirectoryOptions = { servers: [url], tls: 'none', base: context, pollMs: 100 }
  const request = { attributes: ['cn'], id: { attribute: 'objectGUID', form: 'guid' } } as const
  return openPeople({ ...usual, ...options }, request)
}

async function start(options?: DirectoryOptions): Promise<void> {
  following = follow(open(options), 4000)
  await following.untilReads(1)
}

/** Connecting is one, and then each time that it is asked how far it came. */
function isLook(request: FakeRequest): boolean {
  return request.kind === 'search' && request.base === ''
}

const incremental = 0x8000_0000 | 0

test('whoever changed is told, once, and asked for again by id', async () => {
  await start()
  const first = controller.change(uuidOf(3))
  await following.until(has('cn', first))
  const second = controller.change(uuidOf(4))
  await following.until(has('cn', second))
  expect(following.told).toEqual(['read-again', `delta +${uuidOf(3)}`, `delta +${uuidOf(4)}`])
  expect(controller.asked.map(({ cookie }) => cookie)).toEqual(['', '100', '101'])
})

test('an account without the right to replicate asks for what it sees', async () => {
  controller.mayReplicate = 'what it sees'
  await start()
  await following.until(has('cn', controller.change(uuidOf(3))))
  const flags = controller.asked.map((each) => each.flags)
  expect(flags).toEqual([incremental, incremental | 1, incremental | 1])
})

test('an account that may not ask for it at all is followed by update numbers', async () => {
  controller.mayReplicate = 'nothing'
  await start()
  await following.until(has('cn', controller.change(uuidOf(3))))
  expect(controller.asked).toHaveLength(2)
  const steps = await checkAll(open())
  expect(steps.find(({ step }) => step === 'changes')).toMatchObject({
    ok: true,
    detail: expect.stringMatching(
      /^by usn: .* \(dirsync would tell just what changed, but is refused: .*insufficient access rights \(code 50: no right\)\)$/,
    ),
  })
})

test('a list of several answers is told as one', async () => {
  await start()
  controller.answerSize = 2
  const numbers = [1, 2, 3, 4, 5].map((index) => controller.change(uuidOf(index)))
  for (const number of numbers) await following.until(has('cn', number))
  expect(following.told).toHaveLength(2)
})

test('a cookie counts only once its people were told', async () => {
  await start()
  // The connection breaks when the list has come, and before anybody in it was looked up.
  controller.onLookUp = () => {
    controller.onLookUp = () => {}
    controller.server.cutAll()
  }
  await following.until(has('cn', controller.change(uuidOf(3))))
  expect(following.told).toEqual(['read-again', `delta +${uuidOf(3)}`])
  expect(controller.asked.map(({ cookie }) => cookie)).toEqual(['', '100', '100'])
})

test('a cookie that is not taken any more means to read everything, and to go on from there', async () => {
  await start()
  await following.until(has('cn', controller.change(uuidOf(3))))
  controller.firstCookie = 102
  const lost = controller.change(uuidOf(4))
  await following.untilReads(2)
  expect(has('cn', lost)(following.people)).toBe(true)
  await following.until(has('cn', controller.change(uuidOf(5))))
  expect(following.told.at(-1)).toBe(`delta +${uuidOf(5)}`)
})

test('a domain controller that takes no cookie of its own is followed by update numbers', async () => {
  await start()
  controller.firstCookie = Infinity
  controller.change(uuidOf(4))
  await following.untilReads(2)
  await following.until(has('cn', controller.change(uuidOf(5))))
  expect(controller.asked).toHaveLength(2)
})

test.each(['everywhere', 'at the base'] as const)(
  'a domain controller that notifies %s is asked at once when something changes',
  async (where) => {
    controller.mayListen = where
    await start({ pollMs: 8000 })
    const looks = () => controller.server.requests.filter(isLook).length
    await expect.poll(looks).toBe(2)
    const number = controller.change(uuidOf(3))
    controller.ring()
    await following.until(has('cn', number))
  },
)

test('a domain controller that does not notify is asked when it is time', async () => {
  controller.mayListen = 'nowhere'
  await start()
  await following.until(has('cn', controller.change(uuidOf(3))))
})
