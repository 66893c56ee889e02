import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DirectoryOptions } from '../../../src/directory/sources.ts'
import { follow, has, hasNot, idWith } from '../../directory/following.ts'
import { checkAll, openPeople, peopleRequest } from '../../directory/reading.ts'
import { type Ds389, startDs389 } from '../../rig/ds389.ts'

let directory: Ds389

beforeAll(async () => {
  directory = await startDs389({ people: 50 })
})

afterAll(() => directory?.[Symbol.asyncDispose]())

function open(options: DirectoryOptions = {}) {
  return openPeople(
    {
      servers: [directory.ldapsUrl],
      base: directory.peopleBase,
      caFile: directory.caFile,
      serverName: directory.serverName,
      bind: { user: directory.bindDn, password: directory.bindPassword },
      ...options,
    },
    {
      filter: '(&(objectClass=inetOrgPerson)(!(employeeType=left)))',
      attributes: [...peopleRequest.attributes, 'memberOf'],
      id: { attribute: 'nsUniqueId', form: 'text' },
    },
  )
}

const dnOf = (uid: string) => `uid=${uid},${directory.peopleBase}`

async function live(options: DirectoryOptions): Promise<void> {
  await using following = follow(open(options))
  await following.untilReads(1)
  expect(following.people.size).toBe(50)
  await directory.modify(
    `dn: ${dnOf('new')}\nobjectClass: inetOrgPerson\nuid: new\ncn: new\nsn: new\ntelephoneNumber: 2001\n`,
  )
  await following.until(has('telephonenumber', '2001'))
  const id = idWith(following.people, 'uid', 'new')
  expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{8}){3}$/)
  await directory.modify(
    `dn: ${dnOf('new')}\nchangetype: modify\nreplace: telephoneNumber\ntelephoneNumber: 2002\n`,
  )
  await following.until(has('telephonenumber', '2002'))
  await directory.modify(
    `dn: ${dnOf('new')}\nchangetype: modrdn\nnewrdn: uid=newer\ndeleteoldrdn: 1\n`,
  )
  await following.until(has('uid', 'newer'))
  expect(idWith(following.people, 'uid', 'newer')).toBe(id)
  const modify = `dn: ${dnOf('newer')}\nchangetype: modify\n`
  await directory.modify(`${modify}add: employeeType\nemployeeType: left\n`)
  await following.until(hasNot('uid', 'newer'))
  await directory.modify(`${modify}delete: employeeType\n`)
  await following.until(has('uid', 'newer'))
  // To another branch, outside the base.
  await directory.modify(
    `dn: ${dnOf('newer')}\nchangetype: modrdn\nnewrdn: uid=newer\ndeleteoldrdn: 1\nnewsuperior: ou=groups,${directory.suffix}\n`,
  )
  await following.until(hasNot('uid', 'newer'))
  await directory.modify(
    `dn: uid=newer,ou=groups,${directory.suffix}\nchangetype: modrdn\nnewrdn: uid=newer\ndeleteoldrdn: 1\nnewsuperior: ${directory.peopleBase}\n`,
  )
  await following.until(has('uid', 'newer'))
  await directory.modify(`dn: ${dnOf('newer')}\nchangetype: delete\n`)
  await following.until(hasNot('uid', 'newer'))
  expect(following.people.size).toBe(50)
  expect(following.told.filter((word) => word === 'read-again')).toHaveLength(1)
}

async function restarted(options: DirectoryOptions): Promise<void> {
  await using following = follow(open(options))
  await following.untilReads(1)
  await directory.kill()
  await directory.start()
  await directory.modify(
    `dn: ${dnOf('late')}\nobjectClass: inetOrgPerson\nuid: late\ncn: late\nsn: late\n`,
  )
  await following.until(has('uid', 'late'))
  await directory.modify(`dn: ${dnOf('late')}\nchangetype: delete\n`)
  await following.until(hasNot('uid', 'late'))
}

test('a person comes, changes and goes, by persistent search', () => live({}))
test('nothing is lost when the server is killed, by persistent search', () => restarted({}))

describe('with the content synchronisation plug-in', () => {
  beforeAll(async () => {
    const plugin = (name: string) => `dn: cn=${name},cn=plugins,cn=config\nchangetype: modify\n`
    const enable = 'replace: nsslapd-pluginEnabled\nnsslapd-pluginEnabled: on\n'
    const uniqueId = '-\nadd: nsslapd-attribute\nnsslapd-attribute: nsuniqueid:targetUniqueId\n'
    await directory.modify(
      `${plugin('Content Synchronization')}${enable}\n${plugin('Retro Changelog Plugin')}${enable}${uniqueId}`,
    )
    await directory.kill()
    await directory.start()
  })

  test('it is what is used', async () => {
    const steps = await checkAll(open())
    expect(steps.find(({ step }) => step === 'changes')?.detail).toContain('by syncrepl')
  })
  test('a person comes, changes and goes', () => live({ changes: 'syncrepl' }))
  test('nothing is lost when the server is killed', () => restarted({ changes: 'syncrepl' }))
})
