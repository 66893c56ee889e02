import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Slapd, startSlapd } from '../../rig/slapd.ts'
import { type Case, printMatrix, row, signInMatrix } from './matrix.ts'
import { startOffice } from './office.ts'

let slapd: Slapd
let people: string[]

const states = {
  active: '',
  'disabled here': '',
  'locked by wrong passwords': 'pwdAccountLockedTime: 20200101000000Z',
  'must change': 'pwdReset: TRUE',
  'password expired': 'pwdChangedTime: 20000101000000Z',
  'left since': '',
  'outside the filter since': '',
} as const
const cases = Object.keys(states).map((state, at): Case => {
  const user = `p${at}`
  const mail = `first.${user}@example.com`
  return { state, user, mail, extension: String(501 + at), password: `pw-${user}` }
})
const nobody: Case = {
  state: 'nobody',
  user: 'nobody',
  mail: 'nobody@example.com',
  extension: '599',
  password: 'pw-nobody',
}
const dnOf = (user: string) => `uid=${user},ou=people,dc=example,dc=org`

beforeAll(async () => {
  people = cases.map(({ state, user, mail, extension, password }) =>
    [
      `dn: ${dnOf(user)}`,
      'objectClass: inetOrgPerson',
      `uid: ${user}`,
      `cn: ${user}`,
      `sn: ${user}`,
      `mail: ${mail}`,
      `telephoneNumber: ${extension}`,
      'employeeType: staff',
      `userPassword: ${password}`,
      // Those that would hide somebody from the import are set after it.
      ...(state.startsWith('locked') ? [] : [states[state as keyof typeof states]]),
    ]
      .filter((each) => each !== '')
      .join('\n'),
  )
  const policy = `dn: cn=policy,dc=example,dc=org
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdMaxAge: 86400
pwdMustChange: TRUE
pwdLockout: TRUE
pwdMaxFailure: 100000`
  slapd = await startSlapd({
    people: [...people, policy].join('\n\n'),
    configuration: `moduleload ppolicy
overlay ppolicy
ppolicy_default cn=policy,dc=example,dc=org
ppolicy_use_lockout`,
  })
})
afterAll(() => slapd?.[Symbol.asyncDispose]())

function source() {
  return {
    preset: 'openldap',
    servers: [slapd.ldapsUrl],
    caFile: slapd.caFile,
    serverName: 'localhost',
    base: slapd.suffix,
    filter: '(&(objectClass=inetOrgPerson)(employeeType=staff))',
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
    changes: 'off',
    map: { aliases: 'mail' },
  }
}

const change = (user: string, lines: string) =>
  slapd.modify(`dn: ${dnOf(user)}\nchangetype: modify\n${lines}\n`)

describe('signing in against OpenLDAP', () => {
  test('every mode, spelling, state of a person and of the directory', async () => {
    const { rows, attempts } = await signInMatrix({
      source: source(),
      domain: 'example.org',
      short: 'EXAMPLE',
      cases: [...cases, nobody],
      async afterImport({ service }) {
        const id = service.people.byExtension('502')?.id ?? ''
        await service.syncs[0]?.decide(id, 'disable')
        await change('p2', 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 20200101000000Z')
        await slapd.modify(`dn: ${dnOf('p5')}\nchangetype: delete\n`)
        await change('p6', 'replace: employeeType\nemployeeType: left')
      },
      async undoImport() {
        await change('p2', 'delete: pwdAccountLockedTime')
        await slapd.modify(people[5] ?? '')
        await change('p6', 'replace: employeeType\nemployeeType: staff')
      },
      stop: () => slapd.kill(),
      start: () => slapd.start(),
      freeze: () => process.kill(slapd.pid, 'SIGSTOP'),
      thaw: () => process.kill(slapd.pid, 'SIGCONT'),
    })
    printMatrix('OpenLDAP', rows)
    process.stdout.write(`  ${attempts} attempts\n`)
    expect(Object.fromEntries(rows)).toEqual({
      active: row('wrong/right', 'right/wrong'),
      'disabled here': row('wrong/disabled', 'disabled/wrong'),
      'locked by wrong passwords': row('wrong/right', 'locked/locked'),
      'must change': row('wrong/right', 'must-change/wrong'),
      'password expired': row('wrong/right', 'password-expired/wrong'),
      'left since': row('wrong/right', 'wrong/wrong'),
      'outside the filter since': row('wrong/right', 'wrong/wrong'),
      nobody: row('wrong/wrong', 'wrong/wrong'),
    })
  })
})

test('a person whose entry was moved signs in before the next read', async () => {
  await using office = await startOffice({ office: source() }, { mode: 'ldap' })
  expect(await office.check('p0', 'pw-p0')).toBe('right')
  await slapd.modify(
    `dn: ${dnOf('p0')}\nchangetype: modrdn\nnewrdn: uid=moved\ndeleteoldrdn: 0\nnewsuperior: ou=groups,dc=example,dc=org`,
  )
  expect(await office.check('p0', 'pw-p0')).toBe('right')
  expect(await office.check('p0', 'pw-other')).toBe('wrong')
})
