import { expect, test } from 'vitest'
import { ChangedGroups } from '../../src/directory/ldap/changes/groups.ts'
import { KnownIds } from '../../src/directory/ldap/changes/known-ids.ts'
import { Mailbox } from '../../src/directory/ldap/changes/mailbox.ts'
import { contextOf } from '../../src/directory/ldap/changes/server-facts.ts'
import { SweepTimes } from '../../src/directory/ldap/changes/sweep.ts'
import { decodeSyncInfo } from '../../src/directory/ldap/changes/sync-messages.ts'
import { guidBytes, guidText } from '../../src/directory/values.ts'
import { infos, uuidOf } from './fake-sync.ts'

test('a mailbox keeps what came before it failed, and throws then', async () => {
  const mailbox = new Mailbox<number>()
  mailbox.put(1)
  mailbox.put(2)
  mailbox.fail(new Error('cut'))
  expect(await mailbox.take(null)).toEqual({ items: [1, 2], isOverfull: false })
  await expect(mailbox.take(null)).rejects.toThrow('cut')
})

test('a mailbox that nobody empties forgets what it held, and says so', async () => {
  const mailbox = new Mailbox<number>()
  for (let number = 0; number <= 5000; number++) mailbox.put(number)
  expect(await mailbox.take(null)).toEqual({ items: [], isOverfull: true })
  const next = mailbox.take(null)
  mailbox.put(7)
  expect(await next).toEqual({ items: [7], isOverfull: false })
  expect(await mailbox.take(1)).toEqual({ items: [], isOverfull: false })
})

test('a changed group is told at once, the next ones two seconds after it', () => {
  let now = 0
  const groups = new ChangedGroups(() => now)
  expect([groups.dueInMs, groups.takeDue()]).toEqual([null, false])
  groups.note()
  expect([groups.takeDue(), groups.dueInMs]).toEqual([true, null])
  now = 500
  groups.note()
  expect([groups.takeDue(), groups.dueInMs]).toEqual([false, 1500])
  now = 2000
  expect([groups.takeDue(), groups.takeDue()]).toEqual([true, false])
})

test('who was told of while a read runs counts as handed out after it', () => {
  const known = new KnownIds()
  expect([known.snapshot(), known.mayHave('x')]).toEqual([null, true])
  {
    using reading = known.startRead()
    reading.add('a')
    known.add('b')
    reading.complete()
  }
  {
    using broken = known.startRead()
    broken.add('c')
  }
  known.delete('a')
  expect([...(known.snapshot() ?? [])]).toEqual(['b'])
  expect(known.mayHave('c')).toBe(false)
  expect(known.reads).toBe(1)
})

test('a sweep rests for its time, and longer where it took long', async () => {
  let now = 0
  const times = new SweepTimes(1000, () => now)
  expect(times.isDue).toBe(false)
  times.want()
  expect(times.isDue).toBe(true)
  await times.run(async () => {
    now = 100
    times.want()
  })
  now = 2099
  expect(times.isDue).toBe(false)
  now = 2100
  expect(times.isDue).toBe(true)
})

test.each([
  ['ou=people,DC=example,dc=org', 'dc=example,dc=org'],
  ['dc=sub, dc=example,dc=org', 'DC=sub,DC=example,DC=org'],
  ['o=elsewhere', 'o=elsewhere'],
])('below %s, the naming context is %s', (base, context) => {
  const namingContexts = ['dc=example,dc=org', 'DC=sub,DC=example,DC=org', 'cn=config']
  const facts = { controls: new Set<string>(), vendor: '', usn: null, dsServiceName: null }
  expect(contextOf({ ...facts, namingContexts }, base)).toBe(context)
})

test('a GUID becomes the bytes that it came from', () => {
  const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  expect(guidBytes(guidText(bytes) ?? '')).toEqual(bytes)
  expect(guidBytes('ada')).toBeNull()
})

test('Sync Info is read as RFC 4533 writes it', () => {
  expect(decodeSyncInfo(infos.newCookie('csn'))).toEqual({
    kind: 'new-cookie',
    cookie: Buffer.from('csn'),
  })
  // refreshDone FALSE, with a cookie.
  expect(decodeSyncInfo(Buffer.from('a206040163010100', 'hex'))).toEqual({
    kind: 'refresh-present',
    cookie: Buffer.from('c'),
    isDone: false,
  })
  expect(decodeSyncInfo(infos.refreshDelete())).toEqual({
    kind: 'refresh-delete',
    cookie: null,
    isDone: true,
  })
  expect(decodeSyncInfo(infos.idSet(true, [uuidOf(1)]))).toMatchObject({ refreshDeletes: true })
  expect(() => decodeSyncInfo(Buffer.from('a400', 'hex'))).toThrow('unknown kind')
  expect(() => decodeSyncInfo(Buffer.from('a31231', 'hex'))).toThrow()
})
