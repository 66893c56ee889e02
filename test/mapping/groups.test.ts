import { describe, expect, test } from 'vitest'
import { compileClasses } from '../../src/answers/realtime/classes.ts'
import { checkMapping } from '../../src/mapping/check-mapping.ts'
import { compileMapping } from '../../src/mapping/compile-mapping.ts'
import { unitsAbove } from '../../src/mapping/dn.ts'
import { expectedAttributes } from '../../src/mapping/expected-attributes.ts'
import { keptParts } from '../../src/mapping/kept-parts.ts'
import type { MappingOptions } from '../../src/mapping/options.ts'
import { mapped, site } from './entry.ts'

const berlin = 'ou=Berlin,dc=example,dc=org'
const research = `ou=Research,${berlin}`
const source: MappingOptions = { preset: 'openldap', base: 'dc=example,dc=org' }

const person = (options: Partial<MappingOptions>, attributes = {}) =>
  mapped({ ...source, ...options }, { cn: 'Ada', ...attributes }).person

describe('groups', () => {
  test('come from any attribute, from the tree and from memberOf together', () => {
    const map = { groups: ['memberOf', 'departmentNumber', { from: 'tree' }] }
    const attributes = { memberOf: 'cn=boss,dc=example', departmentNumber: ['R&D', '4'] }
    expect(person({ map }, attributes)?.groups).toEqual([
      'cn=boss,dc=example',
      'R&D',
      '4',
      research,
      berlin,
    ])
  })

  test('of the tree begin below the base of the source, or another one', () => {
    const map = { groups: { from: 'tree' } }
    expect(person({ map, base: berlin })?.groups).toEqual([research])
    expect(person({ map: { groups: { from: 'tree', base: research } } })?.groups).toEqual([])
    expect(person({ map, base: '' })?.groups).toEqual([research, berlin])
  })

  test('of the tree choose a class by name or DN, at any height', () => {
    const ada = person({ map: { groups: 'tree' } })
    const classOf = compileClasses({ a: { when: { group: 'Berlin' } } })
    const exactly = compileClasses({ a: { when: { group: research } } })
    expect(ada && [classOf(ada).name, exactly(ada).name]).toEqual(['a', 'a'])
  })

  test('of everybody of a source stand beside his others', () => {
    const importGroup = 'ldap-people'
    expect(person({ importGroup }, { memberOf: 'cn=boss' })?.groups).toEqual([
      'cn=boss',
      'ldap-people',
    ])
    expect(person({ importGroup, map: { groups: null } })?.groups).toEqual(['ldap-people'])
    const ada = person({ importGroup })
    const classOf = compileClasses({ all: { when: { group: 'ldap-people' } } })
    expect(ada && classOf(ada).name).toBe('all')
  })

  test('are no attribute to ask a directory for', () => {
    const options = { ...source, importGroup: 'x', map: { groups: 'tree' } }
    const { attributes } = compileMapping({ source: 'office', options, site })
    expect(attributes).not.toContain('tree')
    expect(attributes).not.toContain('memberOf')
    expect(checkMapping({ ...source, map: { title: 'tree' } }, 'sources.office')).toMatchObject([
      { path: 'sources.office.map.title', problem: '"tree" makes groups only' },
    ])
  })

  test.each([
    ['cn=a\\,b,OU=Sales \\, EU , ou=x,dc=org', 'DC=org', ['OU=Sales \\, EU,ou=x', 'ou=x'], true],
    ['ou=unit,ou=above,dc=org', 'dc=org', ['ou=above'], true],
    ['cn=a,cn=Users,dc=org', 'dc=org', [], true],
    ['cn=a+uid=b,ou=x+l=y,dc=org', 'dc=org', ['ou=x+l=y'], true],
    ['', '', [], false],
    ['not a dn', '', [], false],
  ])('%s below %s', (dn, base, units, isBelow) => {
    expect(unitsAbove(dn, base)).toEqual(units.map((unit) => (isBelow ? `${unit},dc=org` : unit)))
  })
})

test('an attribute is expected when the administrator named it himself', () => {
  const options: MappingOptions = {
    ...source,
    map: {
      extension: { from: ['ipPhone', 'telephoneNumber;x-office'] },
      aliases: ['otherTelephone', 'mail'],
      callGroup: { from: 'extension', match: '^(\\d)' },
      name: { template: '{givenName} {sn}' },
      groups: ['memberOf', 'tree', 'dn.ou', 'isMemberOf'],
      disabled: ['isLocked', { from: 'employeeType', is: 'left' }],
      mobile: null,
    },
  }
  expect(expectedAttributes(options)).toEqual([
    { field: 'extension', attributes: ['ipphone', 'telephonenumber'] },
    { field: 'aliases', attributes: ['othertelephone'] },
    { field: 'aliases', attributes: ['mail'] },
    { field: 'name', attributes: ['givenname', 'sn'] },
    { field: 'groups', attributes: ['ismemberof'] },
    { field: 'disabled', attributes: ['employeetype'] },
  ])
  expect(expectedAttributes({ preset: 'active-directory' })).toEqual([])
})

test('a field says that its last value stays; a secret and a name never go anyway', () => {
  const map = { mobile: { from: 'mobile', whenGone: 'keep' }, fax: 'fax' } as const
  expect(keptParts({ ...source, map })).toEqual(['mobile'])
  const wrong = { ...source, map: { pin: { from: 'x', whenGone: 'keep' } } } as const
  expect(checkMapping(wrong, 'sources.office')).toMatchObject([
    { path: 'sources.office.map.pin', problem: '"whenGone: keep" makes no sense for pin' },
  ])
})
