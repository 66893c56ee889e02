import { BerWriter } from 'ldapts'
import { describe, expect, test } from 'vitest'
import { parseFilter } from '../../src/directory/filter.ts'
import type { Filter } from '../../src/ldap-wire/filter.ts'
import { EncodedFilter } from '../../src/directory/ldap/encode-filter.ts'
import { matches } from '../../src/directory/ldif/matches.ts'

const record = {
  dn: 'CN=Ada Müller,OU=People,DC=example,DC=org',
  attributes: Object.entries({
    objectClass: ['top', 'person', 'user'],
    objectCategory: ['CN=Person,CN=Schema,CN=Configuration,DC=example,DC=org'],
    cn: ['Ada Müller'],
    'description;lang-en': ['Engineer'],
    ipPhone: ['1001'],
    userAccountControl: ['514'],
    groupType: ['-2147483646'],
    whenChanged: ['20260102030405.0Z'],
    memberOf: ['CN=Sales,OU=Groups,DC=example,DC=org'],
  }).map(([type, values]) => ({ type, values: values.map((value) => Buffer.from(value)) })),
}

describe(matches, () => {
  test.each([
    '(cn=Ada Müller)',
    '(CN=ada  MÜLLER)',
    '(cn=Ada M\\c3\\bcller)',
    'cn=Ada*',
    '(cn=*a*m*ll*)',
    '(cn=*müller)',
    '(description=engineer)',
    '(ipPhone=*)',
    '(ipPhone>=999)',
    '(ipPhone<=1001)',
    '(whenChanged>=20260101000000.0Z)',
    '(objectCategory=person)',
    '(memberOf=cn=sales, ou=Groups,dc=example,dc=org)',
    '(userAccountControl:1.2.840.113556.1.4.803:=2)',
    '(userAccountControl:1.2.840.113556.1.4.804:=3)',
    '(groupType:1.2.840.113556.1.4.803:=2147483648)',
    '(cn:caseExactMatch:=Ada Müller)',
    '(cn:=ada müller)',
    '(!(mail=*))',
    '(|(mail=*)(ipPhone=1001))',
    '( & (objectClass=user) (! (cn=Grace)) )',
    '(cn~=ada müller)',
  ])('%s fits', (filter) => {
    expect(matches(parseFilter(filter), record)).toBe(true)
  })

  test.each([
    '(cn=Ada)',
    '(cn=Ada*r*r*r*r)',
    '(cn=Ada Mülle*üller)',
    '(ipPhone>=1002)',
    '(ipPhone<=99)',
    '(mail=*)',
    '(objectCategory=computer)',
    '(userAccountControl:1.2.840.113556.1.4.803:=3)',
    '(userAccountControl:1.2.840.113556.1.4.804:=1)',
    '(!(userAccountControl:1.2.840.113556.1.4.803:=2))',
    '(cn:caseExactMatch:=ada müller)',
    '(&(objectClass=user)(mail=*))',
    '(cn:1.2.3.4:=Ada)',
    '(!(cn:1.2.3.4:=Ada))',
  ])('%s does not fit', (filter) => {
    expect(matches(parseFilter(filter), record)).toBe(false)
  })
})

describe(parseFilter, () => {
  test.each([
    ['(cn=ada', 'expected ")" at its end'],
    ['(cn=ada))', 'expected nothing more after the last ")" at ")"'],
    ['(&(a=b)c=d)', 'expected ")" at "c=d)"'],
    ['(&)', 'expected "(" of a filter'],
    ['(cn)', 'expected something like attribute=value at "cn)"'],
    ['(=x)', 'expected something like attribute=value'],
    ['(cn=a\\2)', 'two hexadecimal digits'],
    ['(cn=a(b)', 'expected ")" at "(b)"'],
    ['', 'expected something like attribute=value'],
    ['(:=x)', 'expected an attribute or a rule'],
  ])('%s is refused with the place', (text, words) => {
    expect(() => parseFilter(text)).toThrow(words)
  })

  test('escaped bytes stay bytes', () => {
    expect(parseFilter('(objectGUID=\\8f\\00\\2a)')).toEqual({
      kind: 'equal',
      attribute: 'objectGUID',
      value: Buffer.from([0x8f, 0x00, 0x2a]),
    })
  })
})

describe(EncodedFilter, () => {
  const encode = (filter: Filter) => {
    const writer = new BerWriter()
    new EncodedFilter(filter).write(writer)
    return writer.buffer.toString('hex')
  }

  // The bytes that RFC 4511, 4.5.1.7 asks for, written by hand.
  test.each([
    ['(cn=ü)', 'a308 0402 636e 0402 c3bc'],
    ['(cn=\\c3\\bc)', 'a308 0402 636e 0402 c3bc'],
    ['(cn=*)', '8702 636e'],
    ['(cn=a*b*c)', 'a40f 0402 636e 3009 8001 61 8101 62 8201 63'],
    ['(!(a=b))', 'a208 a306 0401 61 0401 62'],
    ['(&(a>=1)(b<=2))', 'a010 a506 0401 61 0401 31 a606 0401 62 0401 32'],
    ['(a:dn:1.2:=x)', 'a90e 8103 312e32 8201 61 8301 78 8401 ff'],
  ])('%s', (text, bytes) => {
    expect(encode(parseFilter(text))).toBe(bytes.replaceAll(' ', ''))
  })
})
