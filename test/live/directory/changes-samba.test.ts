import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntryRequest } from '../../../src/directory/source.ts'
import type { DirectoryOptions } from '../../../src/directory/sources.ts'
import { type Following, follow, has, hasNot, idWith } from '../../directory/following.ts'
import { checkAll, openPeople } from '../../directory/reading.ts'
import { type Samba, startSamba } from '../../rig/samba.ts'

let samba: Samba

beforeAll(async () => {
  samba = await startSamba()
  await samba.addUsers(50)
})

afterAll(() => samba?.[Symbol.asyncDispose]())

// Made-up people have no password and are disabled from the beginning.
const enabled = '(|(ipPhone=10*)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))'

function open(options: DirectoryOptions = {}, request: Partial<EntryRequest> = {}) {
  return openPeople(
    {
      servers: [samba.ldapsUrl],
      base: samba.suffix,
      caFile: samba.caFile,
      serverName: samba.serverName,
      bind: { user: samba.bindUser, password: samba.bindPassword },
      pollMs: 100,
      sweepMs: 1000,
      ...options,
    },
    {
      filter: '(&(objectCategory=person)(objectClass=user)(sAMAccountName=u*))',
      attributes: ['sAMAccountName', 'cn', 'ipPhone', 'memberOf', 'userAccountControl'],
      id: { attribute: 'objectGUID', form: 'guid' },
      ...request,
    },
  )
}

function readsOf({ told }: Following): number {
  return told.filter((word) => word === 'read-again').length
}

const administrator = { admin: true, sweepMs: 600_000 } as const

const dnOf = (extension: number) => `CN=Person ${extension},${samba.usersBase}`

function person(extension: number): string {
  return `dn: ${dnOf(extension)}\nchangetype: add\nobjectClass: user\nsAMAccountName: u${extension}\nipPhone: ${extension}\n`
}

test.each([
  ['replication, with an ordinary account', {}],
  ['replication, with an administrator, who is told of deletions', { ...administrator }],
  ['update numbers', { changes: 'usn' }],
  ['update numbers, with an administrator', { changes: 'usn', ...administrator }],
  ['timestamps', { changes: 'timestamp' }],
] as const)(
  'by %s: people are added, changed, renamed, disabled and deleted',
  async (_name, how) => {
    const { admin, ...options } = { admin: false, ...how }
    const bind = admin ? { user: samba.adminUser, password: samba.adminPassword } : undefined
    const filter = `(&(objectClass=user)(sAMAccountName=u*)${enabled})`
    await using following = follow(open({ filter, ...options, ...(bind ? { bind } : {}) }))
    await following.untilReads(1)
    const before = following.people.size
    expect(before).toBeGreaterThanOrEqual(50)

    await samba.modify(`${person(2001)}userAccountControl: 544\n`)
    await following.until(has('ipphone', '2001'))
    const id = idWith(following.people, 'samaccountname', 'u2001')
    expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    await samba.modify(`dn: ${dnOf(2001)}\nchangetype: modify\nreplace: ipPhone\nipPhone: 2002\n`)
    await following.until(has('ipphone', '2002'))
    await samba.modify(
      `dn: ${dnOf(2001)}\nchangetype: modrdn\nnewrdn: CN=Person 2003\ndeleteoldrdn: 1\n`,
    )
    await following.until(has('cn', 'Person 2003'))
    expect(idWith(following.people, 'cn', 'Person 2003')).toBe(id)

    await samba.disable('u2001')
    await following.until(hasNot('cn', 'Person 2003'))
    await samba.tool('user', 'enable', 'u2001')
    await following.until(has('cn', 'Person 2003'))
    await samba.modify(`dn: ${dnOf(2003)}\nchangetype: delete\n`)
    await following.until(hasNot('cn', 'Person 2003'))
    expect(following.people.size).toBe(before)
    // Timestamps count seconds: a group that is as new as the newest may have changed once more.
    const isByTime = 'changes' in options && options.changes === 'timestamp'
    expect(readsOf(following)).toBeLessThanOrEqual(isByTime ? 2 : 1)
  },
)

/** Who of the copy is in the group. */
function membersOf(group: string, { people }: Following): string[] {
  const dn = `CN=${group},${samba.usersBase}`
  return [...people.values()]
    .filter(({ attributes }) => attributes.get('memberof')?.includes(dn))
    .flatMap(({ attributes }) => attributes.get('samaccountname') ?? [])
    .toSorted()
}

test.each(['dirsync', 'usn'] as const)(
  'by %s: groups are as they are, member by member and when they are renamed or deleted',
  async (changes) => {
    const group = `Sales-${changes}`
    await samba.addGroup(group, [])
    await using following = follow(open({ changes }))
    await following.untilReads(1)
    const becomes = (name: string, wanted: readonly string[]) =>
      following.until(() => membersOf(name, following).join() === wanted.join())
    await samba.tool('group', 'addmembers', group, 'u1001,u1002')
    await becomes(group, ['u1001', 'u1002'])
    await samba.tool('group', 'removemembers', group, 'u1001')
    await becomes(group, ['u1002'])
    // Replication names the members; a group's own number says only that something changed.
    if (changes === 'dirsync') expect(readsOf(following)).toBe(1)

    const renamed = `changetype: modrdn\nnewrdn: CN=${group}-2\ndeleteoldrdn: 1\n`
    await samba.modify(`dn: CN=${group},${samba.usersBase}\n${renamed}`)
    await becomes(`${group}-2`, ['u1002'])
    await samba.modify(`dn: CN=${group}-2,${samba.usersBase}\nchangetype: delete\n`)
    await becomes(`${group}-2`, [])
  },
)

test('a group that the filter asks for is followed though nobody asks for memberOf', async () => {
  await samba.addGroup('Phones', ['u1003'])
  const filter = `(&(objectClass=user)(memberOf=CN=Phones,${samba.usersBase}))`
  await using following = follow(open({}, { filter, attributes: ['sAMAccountName'] }))
  await following.untilReads(1)
  await samba.tool('group', 'addmembers', 'Phones', 'u1004')
  await following.until(has('samaccountname', 'u1004'))
  await samba.tool('group', 'removemembers', 'Phones', 'u1003')
  await following.until(hasNot('samaccountname', 'u1003'))
  expect(readsOf(following)).toBe(1)
})

test('check says how far the rights of the account go', async () => {
  const changesOf = async (options: DirectoryOptions) =>
    (await checkAll(open(options))).find(({ step }) => step === 'changes')?.detail
  const bind = { user: samba.adminUser, password: samba.adminPassword }
  expect(await changesOf({})).toMatch(/^by dirsync: .* has no right to replicate$/)
  expect(await changesOf({ bind })).toMatch(/^by dirsync: .*; the account may replicate$/)
  await samba.addUser({ name: 'mirror' })
  const mirror = { user: 'mirror@rig.example', password: samba.bindPassword }
  expect(await changesOf({ bind: mirror })).toMatch(/no right to replicate$/)
  await samba.tool(
    'dsacl',
    'set',
    '--car=get-changes',
    '--action=allow',
    `--objectdn=${samba.suffix}`,
    `--trusteedn=CN=mirror,${samba.usersBase}`,
  )
  expect(await changesOf({ bind: mirror })).toMatch(/; the account may replicate$/)
})

test('notification makes it look at once, though it is not its turn', async () => {
  const options = { base: samba.usersBase, pollMs: 60_000 }
  await using following = follow(open(options))
  await following.untilReads(1)
  await samba.modify(`dn: ${dnOf(1020)}\nchangetype: modify\nreplace: ipPhone\nipPhone: 2020\n`)
  await following.until(has('ipphone', '2020'))
})

test('nothing is lost when the domain controller is killed and changed meanwhile', async () => {
  await using following = follow(open())
  await following.untilReads(1)
  await samba.kill()
  await samba.modify(person(3001))
  await samba.modify(`dn: ${dnOf(1010)}\nchangetype: delete\n`)
  await samba.start()
  await following.until(has('ipphone', '3001'))
  await following.until(hasNot('samaccountname', 'u1010'))
  expect(readsOf(following)).toBe(1)
})
