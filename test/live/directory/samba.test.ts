import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntryRequest } from '../../../src/directory/source.ts'
import { checkAll, openPeople, readAll } from '../../directory/reading.ts'
import { contractPeople, sourceContract } from '../../directory/source-contract.ts'
import { type Samba, startSamba } from '../../rig/samba.ts'

const request: EntryRequest = {
  filter: '(&(objectCategory=person)(objectClass=user))',
  attributes: [
    'sAMAccountName',
    'cn',
    'telephoneNumber',
    'otherTelephone',
    'ipPhone',
    'memberOf',
    'userAccountControl',
    'objectSid',
  ],
  id: { attribute: 'objectGUID', form: 'guid' },
}

let samba: Samba

// One domain controller for the whole file: its ports are fixed.
beforeAll(async () => {
  samba = await startSamba()
  for (const { user, name, number } of contractPeople) {
    const dn = Buffer.from(`CN=${name},${samba.usersBase}`).toString('base64')
    await samba.modify(
      `dn:: ${dn}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${user}\n` +
        (number === null ? '' : `telephoneNumber: ${number}\n`),
    )
  }
  await samba.addUsers(1200)
  await samba.addUser({
    name: 'alice',
    givenName: 'Alice',
    surname: 'Liddell',
    attributes: { ipPhone: ['501'], otherTelephone: ['2001', '2002'] },
  })
  await samba.addGroup('Sales', ['alice'])
  await samba.disable('alice')
})

afterAll(() => samba?.[Symbol.asyncDispose]())

function options() {
  return {
    servers: [samba.ldapsUrl],
    base: samba.suffix,
    caFile: samba.caFile,
    serverName: samba.serverName,
    bind: { user: samba.bindUser, password: samba.bindPassword },
  }
}

sourceContract('Active Directory', async () => ({
  request,
  userAttribute: 'sAMAccountName',
  open: (asked) => openPeople(options(), asked),
  openUnreachable: (asked) => openPeople({ ...options(), servers: ['ldaps://127.0.0.1:1'] }, asked),
  async [Symbol.asyncDispose]() {},
}))

describe('a real Active Directory with 1 200 people', () => {
  test.each([100, 500, 1000])('everybody has an objectGUID, in pages of %i', async (pageSize) => {
    const { entries, problems } = await readAll(openPeople({ ...options(), pageSize }, request))
    const people = entries.filter(({ dn }) => dn.startsWith('CN=Person '))
    expect(people).toHaveLength(1200)
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    for (const { id } of entries) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(problems).toEqual([])
  })

  test('the GUID is the one that the administration tools show', async () => {
    const { entries } = await readAll(openPeople({ ...options(), filter: '(cn=Alice*)' }, request))
    const shown = await samba.tool('user', 'show', 'alice', '--attributes=objectGUID,objectSid')
    expect(shown).toContain(`objectGUID: ${entries[0]?.id}`)
    expect(shown).toContain(`objectSid: ${entries[0]?.attributes.get('objectsid')?.[0]}`)
  })

  test('several numbers, groups and a disabled account come as they are', async () => {
    const { entries } = await readAll(openPeople({ ...options(), filter: '(cn=Alice*)' }, request))
    expect(Object.fromEntries(entries[0]?.attributes ?? [])).toMatchObject({
      ipphone: ['501'],
      othertelephone: ['2001', '2002'],
      memberof: [`CN=Sales,${samba.usersBase}`],
      useraccountcontrol: ['514'],
    })
  })

  test('a filter with bits is understood', async () => {
    const enabled = '(&(sAMAccountName=alice)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))'
    await expect(readAll(openPeople({ ...options(), filter: enabled }, request))).rejects.toThrow(
      'no entry below',
    )
    const disabled = '(userAccountControl:1.2.840.113556.1.4.803:=2)'
    const { entries } = await readAll(openPeople({ ...options(), filter: disabled }, request))
    expect(entries.some(({ dn }) => dn.startsWith('CN=Alice'))).toBe(true)
  })

  test('StartTLS gives the same; clear text is refused with the remedy', async () => {
    const started = await readAll(openPeople({ ...options(), servers: [samba.url] }, request))
    const secure = await readAll(openPeople(options(), request))
    expect(started.entries).toEqual(secure.entries)
    const { caFile: _caFile, serverName: _name, ...clear } = options()
    await expect(
      readAll(openPeople({ ...clear, servers: [samba.url], tls: 'none' }, request)),
    ).rejects.toThrow('use ldaps:// or StartTLS')
  })

  test.each([
    ['svc@rig.example', 'wrong', 'password is wrong'],
    ['alice@rig.example', 'Passw0rd!A', 'the account is disabled'],
    ['RIG\\nobody', 'wrong', 'does not exist'],
  ])('a log-in as %s is refused in words', async (user, password, words) => {
    const source = openPeople({ ...options(), bind: { user, password } }, request)
    await expect(readAll(source)).rejects.toThrow(words)
  })

  test('an expired account and one whose password must be changed are told apart', async () => {
    await samba.addUser({ name: 'late' })
    await samba.tool('user', 'setexpiry', 'late', '--days=0')
    await samba.addUser({ name: 'new', password: 'Passw0rd!B' })
    const must = ['--newpassword=Passw0rd!C', '--must-change-at-next-login']
    await samba.tool('user', 'setpassword', 'new', ...must)
    const reason = async (user: string, password: string) => {
      const bind = { user: `${user}@rig.example`, password }
      const source = openPeople({ ...options(), bind }, request)
      return readAll(source).then(() => 'let in', String)
    }
    expect(await reason('late', 'Passw0rd!A')).toContain('the account has expired')
    expect(await reason('new', 'Passw0rd!C')).toContain('the password must be changed')
  })

  test('without an account the read is refused with the remedy', async () => {
    const { bind: _bind, ...anonymous } = options()
    await expect(readAll(openPeople(anonymous, request))).rejects.toThrow(
      'check sources.office.bind',
    )
  })

  test('check finds the base when a wrong one is given', async () => {
    const source = openPeople({ ...options(), base: 'DC=wrong,DC=example' }, request)
    const steps = await checkAll(source)
    expect(steps.at(-1)).toMatchObject({ step: 'base', ok: false })
    expect(steps.at(-1)?.detail).toContain('"DC=rig,DC=example"')
  })

  test('a domain controller that is killed in the middle of a read gives no complete read', async () => {
    const source = openPeople({ ...options(), pageSize: 100 }, request)
    const reading = (async () => {
      let batches = 0
      for await (const _batch of source.read(new AbortController().signal)) {
        batches += 1
        if (batches === 2) await samba.kill()
      }
    })()
    await expect(reading).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
    await samba.start()
    expect((await readAll(source)).entries.length).toBeGreaterThan(1200)
  })
})
