import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'

const zoe = { cn: 'Zoë "Z" <Müller>', telephoneNumber: '501', mail: 'zoe@example.org' }
const sales = 'cn=Sales,ou=groups,dc=example'
const ldif = [
  entry('zoe', 1, zoe),
  entry('bob', 2, { telephoneNumber: '502', memberOf: sales }),
  entry('mobile-only', 3, { mobile: '+49 171 1234567' }),
  entry('late', 4, { telephoneNumber: '501' }),
  entry('gone', 5, { telephoneNumber: '505', pwdAccountLockedTime: '000001010000Z' }),
].join('')
const yaml = `
classes:
  default: { maxContacts: 3, variables: { TENANT: "a=b & c", SITE: Berlin } }
  sales: { when: { group: Sales }, context: sales, codecs: [alaw], nat: true, voicemail: false }
`

let company: TestService
beforeAll(async () => void (company = await startTestService({ ldif, yaml })))
afterAll(() => company[Symbol.asyncDispose]())

const row = async (family: string, id: string) =>
  decodePairs((await company.ask(`${family}/single`, `id=${id}`)).trim())

describe('ps_endpoints', () => {
  test('a person is an endpoint with everything that a call needs', async () => {
    expect(await row('ps_endpoints', '501')).toEqual([
      ['id', '501'],
      ['aors', '501'],
      ['auth', '501'],
      ['context', 'internal'],
      ['disallow', 'all'],
      ['allow', 'opus,g722,alaw,ulaw'],
      ['callerid', `"Zoë 'Z' Müller" <501>`],
      ['send_pai', 'yes'],
      ['direct_media', 'no'],
      ['set_var', 'TENANT=a=b & c'],
      ['set_var', 'SITE=Berlin'],
    ])
  })

  test('a class is chosen by group and takes the rest from the default', async () => {
    const fields = Object.fromEntries(await row('ps_endpoints', '502'))
    expect(fields).toMatchObject({ context: 'sales', allow: 'alaw', rewrite_contact: 'yes' })
    expect(fields).toMatchObject({ set_var: 'SITE=Berlin' })
    const aor = Object.fromEntries(await row('ps_aors', '502'))
    expect(aor).toEqual({
      id: '502',
      max_contacts: '3',
      remove_existing: 'yes',
      qualify_frequency: '60',
    })
  })

  test.each(['503', '505', 'zoe', '501@127.0.0.1', 'anonymous', '%25', '50_', '', ' 501'])(
    'there is nobody at "%s"',
    async (id) => {
      expect(await company.ask('ps_endpoints/single', `id=${encodeURIComponent(id)}`)).toBe('')
      expect(await company.ask('ps_auths/single', `id=${encodeURIComponent(id)}`)).toBe('')
    },
  )

  test('of two who want one extension only the owner is listed', async () => {
    const list = await company.ask('ps_endpoints/multi', 'id%20LIKE=%25')
    expect(list.trim().split('\r\n')).toHaveLength(2)
    expect(list).not.toContain('late')
  })
})

test('ps_auths hands out the secret that was made', async () => {
  const person = company.service.people.byExtension('501')
  const secret = company.service.state.secrets.sip(person?.id ?? '')
  expect(await row('ps_auths', '501')).toEqual([
    ['id', '501'],
    ['auth_type', 'userpass'],
    ['username', '501'],
    ['password', secret],
  ])
})

describe('ps_contacts', () => {
  const id = '501%3B%40aa'
  const body = (uri: string, expires: number) =>
    `via_addr=127.0.0.1&qualify_timeout=3.000000&endpoint=501&uri=${encodeURIComponent(uri)}&path=&expiration_time=${expires}`

  test('a contact is stored, refreshed, listed by its AOR, expires and is destroyed', async () => {
    expect(
      await company.ask('ps_contacts/store', `id=${id}&${body('sip:501@127.0.0.1:5071', 100)}`),
    ).toBe('1')
    expect(
      await company.ask(`ps_contacts/update?id=${id}`, body('sip:501@127.0.0.1:5071', 200)),
    ).toBe('1')
    const listed = await company.ask('ps_contacts/multi', 'id%20LIKE=501%3B%40%25')
    expect(decodePairs(listed.trim())).toEqual([
      ['id', '501;@aa'],
      ['via_addr', '127.0.0.1'],
      ['qualify_timeout', '3.000000'],
      ['endpoint', '501'],
      ['uri', 'sip:501@127.0.0.1:5071'],
      ['expiration_time', '200'],
    ])
    expect(await company.ask('ps_contacts/multi', 'expiration_time%20%3C%3D=199')).toBe('')
    expect(await company.ask('ps_contacts/multi', 'expiration_time%20%3C%3D=200')).toBe(listed)
    expect(await company.ask('ps_contacts/destroy', `id=${id}&`)).toBe('1')
    expect(await company.ask('ps_contacts/destroy', `id=${id}&`)).toBe('0')
    expect(await company.ask('ps_contacts/multi', 'id%20LIKE=501%3B%40%25')).toBe('')
  })

  test('a refresh of a contact that we lost makes it anew, or Asterisk would drop the phone', async () => {
    expect(await company.ask('ps_contacts/update?id=777%3B%40bb', body('sip:777@x', 1))).toBe('1')
    expect(await company.ask('ps_contacts/multi', 'id%20LIKE=777%3B%40%25')).toContain('sip%3A777')
  })

  test('a contact that ran out a day ago, of an Asterisk that is gone, is dropped at last', async () => {
    let now = 1_795_000_000_000
    await using office = await startTestService({ ldif, now: () => now })
    await office.ask('ps_contacts/store', `id=${id}&${body('sip:501@a', now / 1000 + 60)}`)
    const store = (aor: string) =>
      office.ask('ps_contacts/store', `id=${aor}%3B%40ff&${body('sip:b', now / 1000 + 60)}`)
    now += 86_000_000
    await store('502')
    expect(await office.ask('ps_contacts/multi', 'id%20LIKE=501%3B%40%25')).toContain('501')
    now += 3_700_000
    await store('502')
    expect(await office.ask('ps_contacts/multi', 'id%20LIKE=501%3B%40%25')).toBe('')
    expect(await office.ask('ps_contacts/multi', 'id%20LIKE=502%3B%40%25')).toContain('502')
  })

  test('an AOR with a wildcard in its name gets its own contacts only', async () => {
    for (const aor of ['a_b', 'axb', 'a%25b']) {
      await company.ask('ps_contacts/store', `id=${aor}%3B%40cc&uri=sip%3A${aor}`)
    }
    const of = async (aor: string) =>
      (await company.ask('ps_contacts/multi', `id%20LIKE=${aor}%3B%40%25`)).trim().split('\r\n')
    expect(await of('a_b')).toEqual(['id=a_b%3B%40cc&uri=sip%3Aa_b'])
    expect(await of('a%25b')).toEqual(['id=a%25b%3B%40cc&uri=sip%3Aa%25b'])
  })
})

test('trunks and domain aliases stand in the configuration', async () => {
  await using with2 = await startTestService({
    ldif,
    yaml: `trunks: { provider: [203.0.113.1, 203.0.113.8/29] }\ndomainAliases: { 127.0.0.5: tenant.example }`,
  })
  expect(await with2.ask('ps_endpoint_id_ips/multi', 'id%20LIKE=%25')).toBe(
    'id=provider&endpoint=provider&match=203.0.113.1%2C203.0.113.8%2F29\r\n',
  )
  expect(await with2.ask('ps_domain_aliases/single', 'id=127.0.0.5')).toBe(
    'id=127.0.0.5&domain=tenant.example\r\n',
  )
  expect(await company.ask('ps_endpoint_id_ips/multi', 'id%20LIKE=%25')).toBe('')
})

test('an answer that was given before is not given again when somebody else owns the extension', async () => {
  const one = (id: number, telephone: string, leaves = '') =>
    entry(`p${id}`, id, { cn: `Person ${id}`, ipPhone: telephone, employeeType: leaves || 'staff' })
  const source = 'map: { extension: ipPhone, disabled: { from: employeeType, is: left } }'
  await using company = await startTestService({ ldif: one(1, 'desk'), source })
  const ask = (id: string) => company.ask('ps_endpoints/single', `id=${id}`)
  expect(await ask('desk')).toContain('Person%201')
  expect(await ask('desk')).toContain('Person%201')
  await company.change(one(1, 'desk', 'left') + one(2, 'Desk'))
  expect(await ask('desk')).toBe('')
  expect(await ask('Desk')).toContain('Person%202')
  await company.change(one(1, 'desk') + one(2, 'Desk'))
  expect(await ask('Desk')).toBe('')
  expect(await ask('desk')).toContain('Person%201')
})
