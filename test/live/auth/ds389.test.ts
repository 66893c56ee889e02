import { expect, test } from 'vitest'
import { generatedPeople } from '../../rig/generated-people.ts'
import { startDs389 } from '../../rig/ds389.ts'
import { startOffice } from './office.ts'

const suffix = 'dc=example,dc=org'

test('389-ds says who is disabled and who is locked, and lets the others in', async () => {
  await using directory = await startDs389({ people: generatedPeople({ suffix, count: 20 }) })
  const source = {
    preset: '389-ds',
    servers: [directory.ldapsUrl],
    caFile: directory.caFile,
    serverName: directory.serverName,
    base: directory.peopleBase,
    bind: { user: directory.bindDn, password: directory.bindPassword },
    changes: 'off',
  }
  await using office = await startOffice({ office: source }, { mode: 'ldap' })
  expect(await office.check('u1003', 'pw1003')).toBe('right')
  expect(await office.check('u1003', 'pw1004')).toBe('wrong')
  expect(await office.check('u9999', 'pw1003')).toBe('wrong')

  const dn = `uid=u1003,${directory.peopleBase}`
  await directory.modify(`dn: ${dn}\nchangetype: modify\nadd: nsAccountLock\nnsAccountLock: true\n`)
  expect(await office.check('u1003', 'pw1003')).toBe('disabled')
  await directory.modify(`dn: ${dn}\nchangetype: modify\ndelete: nsAccountLock\n`)
  expect(await office.check('u1003', 'pw1003')).toBe('right')

  await directory.modify(
    'dn: cn=config\nchangetype: modify\nreplace: passwordLockout\npasswordLockout: on\n-\nreplace: passwordMaxFailure\npasswordMaxFailure: 3\n',
  )
  const guesses: string[] = []
  for (let count = 0; count < 5; count++) guesses.push(await office.check('u1004', 'wrong'))
  expect(guesses[0]).toBe('wrong')
  expect(guesses.at(-1)).toBe('locked')
  expect(await office.check('u1004', 'pw1004')).toBe('locked')
})
