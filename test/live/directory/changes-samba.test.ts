import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DirectoryOptions } from '../../../src/directory/sources.ts'
import { follow, has, hasNot, idWith } from '../../directory/following.ts'
import { openPeople } from '../../directory/reading.ts'
import { type Samba, startSamba } from '../../rig/samba.ts'

let samba: Samba

beforeAll(async () => {
  samba = await startSamba()
  await samba.addUsers(50)
  await samba.addGroup('Sales', [])
})

afterAll(() => samba?.[Symbol.asyncDispose]())

// Made-up people have no password and are disabled from the beginning.
const enabled = '(|(ipPhone=10*)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))'

function open(options: DirectoryOptions = {}) {
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
    },
  )
}

const dnOf = (extension: number) => `CN=Person ${extension},${samba.usersBase}`

function person(extension: number): string {
  return `dn: ${dnOf(extension)}\nchangetype: add\nobjectClass: user\nsAMAccountName: u${extension}\nipPhone: ${extension}\n`
}

test.each([
  ['an ordinary account', {}],
  ['an administrator, who sees tombstones', { admin: true, sweepMs: 600_000 }],
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
    const reads = following.told.filter((word) => word === 'read-again').length
    expect(reads).toBeLessThanOrEqual('changes' in options ? 2 : 1)
  },
)

test('a new member of a group has it a moment later', async () => {
  await using following = follow(open())
  await following.untilReads(1)
  await samba.tool('group', 'addmembers', 'Sales', 'u1001,u1002')
  await following.until(has('memberof', `CN=Sales,${samba.usersBase}`))
  await samba.tool('group', 'removemembers', 'Sales', 'u1001,u1002')
  await following.until(hasNot('memberof', `CN=Sales,${samba.usersBase}`))
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
  expect(following.told.filter((word) => word === 'read-again')).toHaveLength(1)
})
