import { Client, type SearchOptions } from 'ldapts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../../src/person/person.ts'
import { named } from '../phonebook/office.ts'
import { openFace, type TestFace } from './open-face.ts'

const company: readonly Person[] = [
  named('503', 'Anna', 'Müller', { mobile: '+491711234567' }),
  named('520', 'Jan', 'Mucha', { details: { department: 'Wareneingang' } }),
  named('521', 'Ana', 'Muñoz'),
  named('522', 'Max', 'Mueller', { mobile: '+33123456789' }),
  named('525', 'Оксана', 'Ткаченко'),
  named('526', 'Wei', 'Wang', { name: '王伟' }),
  named(null, 'Otto', 'Tal', { mobile: '+491709999999' }),
]

let face: TestFace
beforeAll(async () => {
  face = await openFace(company)
})
afterAll(() => face[Symbol.asyncDispose]())

/** Names of whom the phone finds, in order. */
async function find(filter: string, options: SearchOptions = {}, base = 'dc=peerage') {
  const client = new Client({ url: face.url })
  try {
    await client.bind('000413aabbcc', face.office.token)
    const { searchEntries } = await client.search(base, { filter, scope: 'sub', ...options })
    return searchEntries.map(({ cn }) => cn)
  } finally {
    await client.unbind()
  }
}

const everybody = [
  'Mucha Jan',
  'Mueller Max',
  'Müller Anna',
  'Muñoz Ana',
  'Tal Otto',
  'Ткаченко Оксана',
  '王伟',
]

/** What the phone makes of its filter when somebody typed that. */
describe("each maker's filter", () => {
  test.each([
    // Yealink: `%` becomes what was typed and an asterisk.
    [
      'Yealink, name',
      '(|(cn=mu*)(sn=mu*))',
      ['Mucha Jan', 'Mueller Max', 'Müller Anna', 'Muñoz Ana'],
    ],
    ['Yealink, name inside', '(|(cn=*nna*)(sn=*nna*))', ['Müller Anna']],
    ['Yealink, first name', '(|(cn=anna*)(sn=anna*))', ['Müller Anna']],
    [
      'Yealink, number',
      '(|(telephoneNumber=52*)(mobile=52*)(ipPhone=52*))',
      ['Mucha Jan', 'Mueller Max', 'Muñoz Ana', 'Ткаченко Оксана', '王伟'],
    ],
    ['Grandstream, name', '(|(cn=müll*)(sn=müll*))', ['Mueller Max', 'Müller Anna']],
    ['Grandstream, not', '(!(sn=m*))', ['Tal Otto', 'Ткаченко Оксана', '王伟']],
    ['Grandstream, with number', '(&(cn=m*)(Mobile=*))', ['Mueller Max', 'Müller Anna']],
    ['Snom, name', '(&(telephoneNumber=*)(sn=mueller*))', ['Mueller Max', 'Müller Anna']],
    ['Snom, number', '(&(telephoneNumber=503*)(sn=*))', ['Müller Anna']],
    ['Fanvil, name', '(|(cn=*mue*)(sn=*mue*))', ['Mueller Max', 'Müller Anna']],
    ['Fanvil, number', '(|(telephoneNumber=*1711*)(mobile=*1711*)(other=*1711*))', ['Müller Anna']],
    ['Poly', '(&(objectClass=person)(sn=Mu*)(givenName=A*))', ['Müller Anna', 'Muñoz Ana']],
    [
      'Poly, from a place on',
      '(&(objectClass=person)(sn>=Muñoz)(sn<=Tz))',
      ['Muñoz Ana', 'Tal Otto'],
    ],
    ['Cisco, first name', '(&(givenName=*ann*)(sn=*))', ['Müller Anna']],
    ['Cisco, last name', '(sn=*tal*)', ['Tal Otto']],
    [
      'Active Directory',
      '(&(objectCategory=person)(objectClass=user)(displayName=tal*))',
      ['Tal Otto'],
    ],
    ['everybody', '(objectClass=*)', everybody],
    ['nobody', '(cn=nobody*)', []],
  ])('%s: %s', async (_, filter, names) => {
    expect(await find(filter)).toEqual(names)
  })
})

describe('a name', () => {
  test.each([
    ['(sn=muller*)', ['Müller Anna']],
    ['(sn=MÜLLER)', ['Mueller Max', 'Müller Anna']],
    ['(sn=6855*)', ['Müller Anna']],
    ['(cn=tkach*)', ['Ткаченко Оксана']],
    ['(cn=ткач*)', ['Ткаченко Оксана']],
    ['(cn=王*)', ['王伟']],
    ['(cn=wang*)', ['王伟']],
    ['(cn~=ñoz)', ['Muñoz Ana']],
    ['(cn=*u*l*anna)', ['Müller Anna']],
    ['(cn=uller*)', []],
    ['(department=waren*)', ['Mucha Jan']],
    ['(cn=mu*ax)', ['Mueller Max']],
    ['(cn=\\2a*)', []],
  ])('is found in any spelling: %s', async (filter, names) => {
    expect(await find(filter)).toEqual(names)
  })
})

describe('a number', () => {
  test.each([
    ['(mobile=+491711234567)', ['Müller Anna']],
    ['(mobile=00491711234567)', ['Müller Anna']],
    ['(mobile=01711234567)', ['Müller Anna']],
    ['(mobile=001711234567)', ['Müller Anna']],
    ['(mobile=0171 123-4567)', ['Müller Anna']],
    ['(mobile=+49171*)', ['Müller Anna']],
    ['(mobile=0171*)', ['Müller Anna']],
    ['(mobile=*4567)', ['Müller Anna']],
    ['(mobile=+33*)', ['Mueller Max']],
    ['(mobile=171*)', []],
    ['(mobile=anna*)', []],
    ['(telephoneNumber=503)', ['Müller Anna']],
    ['(telephoneNumber=+4930123503)', []],
  ])('is found as it may be written: %s', async (filter, names) => {
    expect(await find(filter)).toEqual(names)
  })
})

test('what there is not is neither true nor false', async () => {
  expect(await find('(!(shoeSize=42))')).toEqual([])
  expect(await find('(|(shoeSize=42)(sn=tal))')).toEqual(['Tal Otto'])
  expect(await find('(cn:caseIgnoreMatch:=Tal Otto)')).toEqual([])
  expect(await find('(!(mobile=*))')).toHaveLength(4)
})

test('an entry has the attributes that were asked for, with numbers as they are dialled', async () => {
  const client = new Client({ url: face.url })
  await client.bind('', face.office.token)
  const { searchEntries } = await client.search('ou=staff,dc=peerage', {
    filter: '(sn=Müller)',
    attributes: ['CN', 'givenName', 'Mobile', 'telephoneNumber', 'jpegPhoto'],
  })
  await client.unbind()
  expect(searchEntries[1]).toEqual({
    dn: 'uid=test/503,ou=staff,dc=peerage',
    CN: 'Müller Anna',
    givenName: 'Anna',
    Mobile: '001711234567',
    telephoneNumber: '503',
    jpegPhoto: [],
  })
})

describe('a base and its scope', () => {
  test.each([
    ['ou=staff,dc=peerage', 'sub', 7],
    ['OU=Staff, DC=Peerage', 'one', 7],
    ['dc=peerage', 'one', 0],
    ['', 'sub', 7],
    ['uid=test/503,ou=staff,dc=peerage', 'base', 1],
    ['uid=test/503,ou=staff,dc=peerage', 'sub', 1],
    ['uid=test/503,ou=staff,dc=peerage', 'one', 0],
    ['uid=test/999,ou=staff,dc=peerage', 'base', 0],
  ] as const)('%j, %s: %i people', async (base, scope, count) => {
    expect(await find('(cn=*)', { scope }, base)).toHaveLength(count)
  })

  test.each(['dc=example,dc=org', 'ou=lobby,dc=peerage', 'nonsense', 'a=b,ou=staff,dc=peerage'])(
    'there is nothing at %s',
    async (base) => {
      await expect(find('(cn=*)', {}, base)).rejects.toMatchObject({ code: 32 })
    },
  )

  test('programs that browse find the tree', async () => {
    const client = new Client({ url: face.url })
    const base = { scope: 'base' as const }
    const [root] = (await client.search('', base)).searchEntries
    expect(root).toMatchObject({ namingContexts: 'dc=peerage', supportedLDAPVersion: '3' })
    const [schema] = (await client.search('cn=Subschema', base)).searchEntries
    expect(schema?.['attributeTypes']).toContainEqual(expect.stringContaining("'telephoneNumber'"))
    await client.bind('', face.office.token)
    const [top] = (await client.search('dc=peerage', { ...base, filter: '(objectClass=*)' }))
      .searchEntries
    expect(top).toMatchObject({ dn: 'dc=peerage', dc: 'peerage' })
    const one = await client.search('dc=peerage', { scope: 'one', filter: '(objectClass=*)' })
    expect(one.searchEntries.map(({ dn }) => dn)).toEqual(['ou=staff,dc=peerage'])
    await client.unbind()
  })
})
