import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeSync, base, infos, startFakeSync, uuidOf } from './fake-sync.ts'
import { type Following, follow, has } from './following.ts'
import { openPeople } from './reading.ts'

const [ada, grace, linus] = [uuidOf(1), uuidOf(2), uuidOf(3)]

let fake: FakeSync
let following: Following

beforeEach(async () => {
  fake = await startFakeSync()
  following = follow(open(fake), 3000)
})

afterEach(async () => {
  await following[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

function open({ url }: FakeSync, attributes: readonly string[] = ['uid']) {
  return openPeople({ servers: [url], tls: 'none', base, pollMs: 100 }, { attributes })
}

/** Waits until so many values were told. */
async function told(count: number): Promise<readonly string[]> {
  await following.until(() => following.told.length >= count)
  return following.told
}

test('the position is noted before the first read, and changes come after it', async () => {
  const search = await fake.nextSearch()
  expect(search.cookie).toBe('rid=000,csn=csn1')
  await told(1)
  search.entry('grace', grace)
  expect(await told(2)).toEqual(['read-again', `delta +${grace}`])
  search.entry('ada', ada, 3)
  expect(await told(3)).toContain(`delta -${ada}`)
  expect([...following.people.keys()]).toEqual([grace])
})

test('the last word counts for who is told of twice before anybody looks', async () => {
  const search = await fake.nextSearch()
  await told(1)
  search.entry('grace', grace)
  search.entry('grace', grace, 3)
  search.entry('linus', linus, 3)
  search.entry('linus', linus)
  await following.until(has('uid', 'linus'))
  expect([...following.people.keys()].sort()).toEqual([ada, linus])
})

test.each([
  ['a set of deleted ids', infos.idSet(true, [ada]), `delta -${ada}`],
  ['a set of ids that are still there', infos.idSet(false, [ada]), 'read-again'],
  ['a set of ids that does not say what it is', infos.idSet(null, [ada]), 'read-again'],
  ['the end of a present phase', infos.refreshPresent(), 'read-again'],
])('%s is told as what it means', async (_name, info, words) => {
  const search = await fake.nextSearch()
  await told(1)
  search.info(info)
  expect(await told(2)).toEqual(['read-again', words])
})

test('the end of a delete phase and a new cookie alone are nothing to tell', async () => {
  const search = await fake.nextSearch()
  await told(1)
  search.info(infos.refreshDelete())
  search.info(infos.newCookie('csn7'))
  search.entry('grace', grace)
  expect(await told(2)).toEqual(['read-again', `delta +${grace}`])
})

test('an entry that is said to be present means that others are not', async () => {
  const search = await fake.nextSearch()
  await told(1)
  search.entry('ada', ada, 0)
  expect(await told(2)).toEqual(['read-again', 'read-again'])
})

test('a lost connection is made again and goes on from the newest cookie, without a read', async () => {
  const first = await fake.nextSearch()
  await told(1)
  first.entry('grace', grace, 1, 'csn2')
  await told(2)
  first.info(infos.newCookie('csn3'))
  // In the middle of a message.
  first.raw.bytes(Buffer.from([0x30, 0x7f, 0x02]))
  first.raw.cut()
  const second = await fake.nextSearch()
  expect(second.cookie).toBe('csn3')
  second.entry('linus', linus)
  expect(await told(3)).toEqual(['read-again', `delta +${grace}`, `delta +${linus}`])
})

test.each([
  ['wants a refresh', 4096],
  ['has an older state than the cookie', 53],
  ['does not understand the cookie', 2],
])('a server that %s gets a new position, and everything is read', async (_name, code) => {
  const first = await fake.nextSearch()
  await told(1)
  first.info(infos.newCookie('csn9'))
  first.raw.cut()
  const second = await fake.nextSearch()
  expect(second.cookie).toBe('csn9')
  second.done(code)
  const third = await fake.nextSearch()
  expect(third.cookie).toBe('rid=000,csn=csn1')
  expect(await told(2)).toEqual(['read-again', 'read-again'])
})

test('an empty cookie is not kept: everything is read, and the next position is a new one', async () => {
  const first = await fake.nextSearch()
  await told(1)
  first.info(infos.newCookie(''))
  await told(2)
  first.raw.cut()
  const second = await fake.nextSearch()
  expect(second.cookie).toBe('rid=000,csn=csn1')
  expect(await told(3)).toEqual(['read-again', 'read-again', 'read-again'])
})

test('where the position cannot be read, a refresh without attributes tells it', async () => {
  await using other = await startFakeSync({ csn: null })
  await using followingIt = follow(open(other))
  const search = await other.nextSearch()
  expect(other.cookies).toEqual([null, 'from-refresh'])
  expect(search.cookie).toBe('from-refresh')
  await followingIt.untilReads(1)
})

test('a changed group is told as a read, and several soon after as one more', async () => {
  await using other = await startFakeSync()
  await using followingIt = follow(open(other, ['uid', 'memberOf']))
  await other.nextSearch()
  const groups = await other.nextSearch()
  await followingIt.untilReads(1)
  for (let number = 0; number < 50; number++) groups.entry('group', uuidOf(number))
  await followingIt.untilReads(2)
  expect(followingIt.told).toEqual(['read-again', 'read-again'])
})

test('a server that refuses the search is followed by timestamps', async () => {
  const search = await fake.nextSearch()
  await told(1)
  search.done(50)
  expect(fake.cookies).toHaveLength(1)
  const asked = () =>
    fake.server.requests.filter(
      (request) => request.kind === 'search' && request.attributes.includes('modifyTimestamp'),
    )
  await expect.poll(asked).toHaveLength(1)
  // Its people have no modifyTimestamp either, and that is the end of what can be tried.
  await expect.poll(() => fake.server.openConnections).toBe(0)
})

test('when the server is gone, the next one goes on from the same cookie and is read from', async () => {
  await using second = await startFakeSync()
  const first = await startFakeSync()
  const servers = [first.url, second.url]
  const source = openPeople({ servers, tls: 'none', base }, { attributes: ['uid'] })
  await using followingIt = follow(source)
  const search = await first.nextSearch()
  search.info(infos.newCookie('csn5'))
  await followingIt.untilReads(1)
  await first[Symbol.asyncDispose]()
  const next = await second.nextSearch()
  expect(next.cookie).toBe('csn5')
  next.entry('grace', grace)
  next.info(infos.refreshPresent())
  await followingIt.untilReads(2)
})

test('with the signal it ends, and nothing stays open', async () => {
  await fake.nextSearch()
  await told(1)
  await following[Symbol.asyncDispose]()
  await expect.poll(() => fake.server.openConnections).toBe(0)
})

test('off means that there is nothing to follow', () => {
  const source = openPeople({ servers: [fake.url], tls: 'none', base, changes: 'off' })
  expect(source.changes).toBeUndefined()
})
