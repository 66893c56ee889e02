import { describe, expect, test } from 'vitest'
import { parseFilter } from '../../src/directory/filter.ts'
import { compileMapping } from '../../src/mapping/compile-mapping.ts'
import { presetNames, type PresetName } from '../../src/mapping/options.ts'
import { entryOf, mapped, now, site } from './entry.ts'

const adUser = {
  objectClass: ['top', 'person', 'organizationalPerson', 'user'],
  sAMAccountName: 'alovelace',
  userPrincipalName: 'alovelace@example.org',
  cn: 'Ada Lovelace',
  displayName: 'Lovelace, Ada',
  givenName: 'Ada',
  sn: 'Lovelace',
  mail: 'ada.lovelace@example.org',
  proxyAddresses: ['SMTP:ada.lovelace@example.org', 'smtp:ada@example.org', 'smtp:al@example.org'],
  telephoneNumber: '+49 30 23125-501',
  mobile: '+49 171 39200 12',
  otherTelephone: ['030 / 23125 777', '+48 12 345 67 89'],
  facsimileTelephoneNumber: '+49 (30) 23125-901',
  memberOf: ['CN=Research,OU=Groups,DC=example,DC=org', 'CN=All,OU=Groups,DC=example,DC=org'],
  manager: 'CN=Byron\\, Lord,OU=People,DC=example,DC=org',
  department: 'Research',
  company: 'Example GmbH',
  title: 'Analyst',
  physicalDeliveryOfficeName: 'Berlin 2.14',
  streetAddress: 'Am Markt 1\r\nHinterhaus',
  l: 'Berlin',
  co: 'Germany',
  postalCode: '10178',
  employeeID: '1815',
  userAccountControl: '512',
  accountExpires: '9223372036854775807',
  lockoutTime: '133500000000000000',
  msExchHideFromAddressLists: 'TRUE',
}

describe('active-directory', () => {
  test('a user becomes a person with all that is known of him', () => {
    const { person, problems } = mapped({ preset: 'active-directory' }, adUser)
    expect(problems).toEqual([])
    expect(person).toEqual({
      id: 'office/9c1f0f2e-8f0f-4f5e-a7a5-000000000001',
      source: 'office',
      dn: 'uid=ada,ou=Research,ou=Berlin,dc=example,dc=org',
      user: 'alovelace',
      extension: '501',
      aliases: [],
      dids: ['+493023125501'],
      name: 'Lovelace, Ada',
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: 'ada.lovelace@example.org',
      numbers: [
        { kind: 'work', e164: '+493023125501', text: '+49 30 23125-501' },
        { kind: 'mobile', e164: '+491713920012', text: '+49 171 39200 12' },
        { kind: 'fax', e164: '+493023125901', text: '+49 (30) 23125-901' },
        { kind: 'other', e164: '+493023125777', text: '030 / 23125 777' },
        { kind: 'other', e164: '+48123456789', text: '+48 12 345 67 89' },
      ],
      groups: adUser.memberOf,
      callerId: null,
      callGroups: [],
      pickupGroups: [],
      disabled: null,
      hidden: true,
      details: {
        loginName: 'alovelace@example.org',
        imId: 'alovelace',
        emailAliases: 'ada@example.org;al@example.org',
        title: 'Analyst',
        department: 'Research',
        company: 'Example GmbH',
        location: 'Berlin 2.14',
        manager: 'Byron, Lord',
        managerDn: 'CN=Byron\\, Lord,OU=People,DC=example,DC=org',
        employeeId: '1815',
        officeStreet: 'Am Markt 1 Hinterhaus',
        officeCity: 'Berlin',
        officeCountry: 'Germany',
        officeZip: '10178',
      },
    })
  })

  test('ipPhone goes before telephoneNumber, which stays a number of its own', () => {
    const { person } = mapped({ preset: 'active-directory' }, { ...adUser, ipPhone: '612' })
    expect(person).toMatchObject({ extension: '612', dids: ['+493023125612'] })
    expect(person?.numbers[0]).toMatchObject({ kind: 'work', e164: '+493023125501' })
  })

  test('a short telephoneNumber is the extension', () => {
    const { person } = mapped({ preset: 'active-directory' }, { cn: 'Bo', telephoneNumber: '507' })
    expect(person).toMatchObject({ extension: '507', dids: ['+493023125507'], numbers: [] })
  })

  test("the main number in somebody's entry does not ring him", () => {
    const { person } = mapped(
      { preset: 'active-directory' },
      { cn: 'Bo', ipPhone: '507', telephoneNumber: '+49 30 23125-0' },
    )
    expect(person?.dids).toEqual(['+493023125507'])
  })

  test("a number that is ours and nobody's rings all who have it", () => {
    const { person } = mapped(
      { preset: 'active-directory' },
      { cn: 'Bo', ipPhone: '507', telephoneNumber: '+49 30 23125 99' },
    )
    expect(person?.dids).toEqual(['+49302312599', '+493023125507'])
  })

  test('a contact with a mobile number only is a person without extension', () => {
    const { person, problems } = mapped(
      { preset: 'active-directory', contacts: true },
      { cn: 'Courier', mobile: '0171 3920055' },
    )
    expect(person).toMatchObject({ extension: null, user: null, name: 'Courier', dids: [] })
    expect(problems).toEqual([])
  })

  test.each([
    [{ userAccountControl: '514' }, 'disabled'],
    [{ userAccountControl: '66050' }, 'disabled'],
    [{ userAccountControl: '66048' }, null],
    [{ accountExpires: '0' }, null],
    [{ accountExpires: filetime(now - 1000) }, 'expired'],
    [{ accountExpires: filetime(now + 1000) }, null],
    [{ lockoutTime: filetime(now) }, null],
  ])('%o counts as %s', (attributes, disabled) => {
    const { person } = mapped({ preset: 'active-directory' }, { ...adUser, ...attributes })
    expect(person?.disabled).toBe(disabled)
  })

  test('contacts are asked for only on demand', () => {
    const requests = [false, true].map(
      (contacts) =>
        compileMapping({ source: 'ad', site, options: { preset: 'active-directory', contacts } })
          .request.filter,
    )
    expect(requests).toEqual([
      '(&(objectCategory=person)(objectClass=user))',
      '(|(&(objectCategory=person)(objectClass=user))(&(objectCategory=person)(objectClass=contact)))',
    ])
  })
})

const inetOrgPerson = {
  uid: 'zoe',
  cn: ['Zoë Müller', 'Zoe Mueller'],
  sn: 'Müller',
  mail: 'zoe@example.org',
  telephoneNumber: ['+49 30 23125 502', '+49 30 23125 599'],
  ou: 'Verkauf',
  homePostalAddress: 'Am Berg 2 $ 10115 Berlin',
  shadowExpire: '-1',
}

test.each([
  ['openldap', { pwdAccountLockedTime: '000001010000Z' }, 'disabled'],
  ['openldap', { pwdAccountLockedTime: '20261122115900Z' }, 'locked'],
  ['openldap', { shadowExpire: '20000' }, 'expired'],
  ['openldap', { shadowExpire: '40000' }, null],
  ['openldap', { shadowExpire: '0' }, null],
  ['openldap', { nsAccountLock: 'TRUE' }, null],
  ['389-ds', { nsAccountLock: 'TRUE' }, 'disabled'],
  ['389-ds', { nsAccountLock: 'false' }, null],
  ['zimbra', { zimbraAccountStatus: 'active' }, null],
  ['zimbra', { zimbraAccountStatus: 'locked' }, 'locked'],
  ['zimbra', { zimbraAccountStatus: 'closed' }, 'disabled'],
] as const)('%s: %o counts as %s', (preset, attributes, disabled) => {
  const { person } = mapped({ preset }, { ...inetOrgPerson, ...attributes })
  expect(person).toMatchObject({ disabled, extension: '502', user: 'zoe', name: 'Zoë Müller' })
})

test('an inetOrgPerson keeps both numbers, and one of them is his own', () => {
  const { person } = mapped({ preset: 'openldap' }, inetOrgPerson)
  expect(person?.dids).toEqual(['+493023125502'])
  expect(person?.numbers.map((one) => one.e164)).toEqual(['+493023125502', '+493023125599'])
  expect(person?.details).toMatchObject({
    department: 'Verkauf',
    homeStreet: 'Am Berg 2, 10115 Berlin',
  })
})

test('Zimbra hides whom its address list hides, and knows the delivery address', () => {
  const { person } = mapped(
    { preset: 'zimbra' },
    { ...inetOrgPerson, zimbraHideInGal: 'TRUE', zimbraMailDeliveryAddress: 'z@example.org' },
  )
  expect(person).toMatchObject({ hidden: true, email: 'z@example.org' })
})

test.each<[PresetName, string, string]>([
  ['active-directory', 'objectGUID', 'guid'],
  ['openldap', 'entryUUID', 'text'],
  ['389-ds', 'nsUniqueId', 'text'],
  ['zimbra', 'zimbraId', 'text'],
])('%s is known by %s', (preset, attribute, form) => {
  const { request } = compileMapping({ source: 'x', site, options: { preset } })
  expect(request.id).toEqual({ attribute, form })
})

test.each(presetNames)('%s asks with a sound filter, for each attribute once', (preset) => {
  const { request } = compileMapping({ source: 'x', site, options: { preset } })
  expect(parseFilter(request.filter)).toHaveProperty('kind')
  const names = request.attributes.map((name) => name.toLowerCase())
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('telephonenumber')
  expect(names).not.toContain('extension')
})

test('an entry without an id or without any name is no person, and says why', () => {
  const mapping = compileMapping({ source: 'x', site, options: { preset: 'openldap' } })
  const nameless = mapping.map(entryOf({ mail: 'x@example.org' }), now)
  expect(nameless).toMatchObject({
    person: null,
    problems: [{ text: 'has no name, no login name and no extension' }],
  })
  const noId = mapping.map({ ...entryOf({ cn: 'Ada' }), id: null }, now)
  expect(noId.person).toBeNull()
  expect(noId.problems[0]?.text).toContain('immutable id')
})

function filetime(milliseconds: number): string {
  return String((BigInt(milliseconds) + 11_644_473_600_000n) * 10_000n)
}

describe('a person whose account ends some day', () => {
  const dated = { cn: 'Ada', shadowExpire: '40000' }

  test('does not last, since he will be disabled without a change of his entry', () => {
    expect(mapped({ preset: 'openldap' }, dated)).toMatchObject({
      person: { disabled: null },
      isLasting: false,
    })
  })

  test.each([
    ['never ends', {}],
    ['has ended', { shadowExpire: '10000' }],
    ['is locked', { pwdAccountLockedTime: '000001010000Z' }],
  ])('lasts when it %s', (_what, attributes) => {
    expect(mapped({ preset: 'openldap' }, { cn: 'Ada', ...attributes })).toMatchObject({
      isLasting: true,
    })
  })

  test('lasts when nobody wants to know when accounts end', () => {
    expect(mapped({ preset: 'openldap', map: { disabled: null } }, dated)).toMatchObject({
      isLasting: true,
    })
  })
})
