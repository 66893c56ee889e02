import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DirectoryOptions } from '../../../src/directory/sources.ts'
import { follow, has, hasNot, idWith } from '../../directory/following.ts'
import { openPeople, peopleRequest } from '../../directory/reading.ts'
import { type Slapd, startSlapd } from '../../rig/slapd.ts'

let slapd: Slapd

beforeAll(async () => {
  slapd = await startSlapd({ people: 100 })
})

afterAll(() => slapd?.[Symbol.asyncDispose]())

function open(options: DirectoryOptions = {}, attributes: readonly string[] = []) {
  return openPeople(
    {
      servers: [slapd.ldapsUrl],
      base: slapd.suffix,
      caFile: slapd.caFile,
      bind: { user: slapd.bindDn, password: slapd.bindPassword },
      ...options,
    },
    { attributes: [...peopleRequest.attributes, ...attributes] },
  )
}

function person(uid: string, number: string, ou = `ou=people,${slapd.suffix}`): string {
  return `dn: uid=${uid},${ou}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\ntelephoneNumber: ${number}\n`
}

const dnOf = (uid: string) => `uid=${uid},ou=people,${slapd.suffix}`

describe.each([
  ['syncrepl', {}],
  ['timestamp', { changes: 'timestamp', pollMs: 100, sweepMs: 1000 }],
] as const)('following a real OpenLDAP by %s', (method, options) => {
  const filter = '(&(objectClass=inetOrgPerson)(!(employeeType=left)))'

  test('a person is added, changed, renamed, leaves the filter, comes back and is deleted', async () => {
    await using following = follow(open({ ...options, filter }))
    await following.untilReads(1)
    expect(following.people.size).toBe(100)

    await slapd.modify(person('new', '2001'))
    await following.until(has('telephonenumber', '2001'))
    const id = idWith(following.people, 'uid', 'new')

    const replace = (number: string) =>
      `dn: ${dnOf('new')}\nchangetype: modify\nreplace: telephoneNumber\ntelephoneNumber: ${number}\n`
    await slapd.modify(replace('2002'))
    await following.until(has('telephonenumber', '2002'))
    // Twice in the same second, which timestamps cannot tell apart.
    await slapd.modify(replace('2003'))
    await following.until(has('telephonenumber', '2003'))

    const rename = 'changetype: modrdn\nnewrdn: uid=newer\ndeleteoldrdn: 1\n'
    await slapd.modify(`dn: ${dnOf('new')}\n${rename}`)
    await following.until(has('uid', 'newer'))
    expect(idWith(following.people, 'uid', 'newer')).toBe(id)

    const leave = 'changetype: modify\nadd: employeeType\nemployeeType: left\n'
    await slapd.modify(`dn: ${dnOf('newer')}\n${leave}`)
    await following.until(hasNot('uid', 'newer'))
    const back = 'changetype: modify\ndelete: employeeType\n'
    await slapd.modify(`dn: ${dnOf('newer')}\n${back}`)
    await following.until(has('uid', 'newer'))

    await slapd.modify(`dn: ${dnOf('newer')}\nchangetype: delete\n`)
    await following.until(hasNot('uid', 'newer'))
    expect(following.people.size).toBe(100)
    expect(following.told.filter((word) => word === 'read-again')).toHaveLength(1)
  })

  test('a new member of a group causes a read, and more of them not many', async () => {
    const group = `cn=${method},ou=groups,${slapd.suffix}`
    await slapd.modify(`dn: ${group}\nobjectClass: groupOfNames\ncn: x\nmember: ${dnOf('u1000')}\n`)
    await using following = follow(open(options, ['memberOf']))
    await following.until(has('memberof', group))
    const before = following.told.length
    for (const uid of ['u1001', 'u1002', 'u1003']) {
      await slapd.modify(`dn: ${group}\nchangetype: modify\nadd: member\nmember: ${dnOf(uid)}\n`)
    }
    await following.until(
      (people) =>
        [...people.values()].filter((entry) => entry.attributes.has('memberof')).length >= 4,
    )
    expect(following.told.length - before).toBeLessThanOrEqual(2)
    await slapd.modify(`dn: ${group}\nchangetype: delete\n`)
    await following.until(hasNot('memberof', group))
  })

  test('nothing is lost when the server is restarted, or killed, and changed meanwhile', async () => {
    await using following = follow(open(options))
    await following.untilReads(1)
    await slapd.modify(person('early', '3000'))
    await following.until(has('uid', 'early'))
    await slapd.kill()
    await slapd.start()
    // Before anybody could follow again, perhaps.
    await slapd.modify(person('late', '3001'))
    await slapd.modify(`dn: ${dnOf('early')}\nchangetype: delete\n`)
    await following.until(has('uid', 'late'))
    await following.until(hasNot('uid', 'early'))
    await slapd.modify(`dn: ${dnOf('late')}\nchangetype: delete\n`)
    await following.until(hasNot('uid', 'late'))
    expect(following.people.size).toBe(100)
  })
})
