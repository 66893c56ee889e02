import { describe, expect, test } from 'vitest'
import { compileMapping } from '../../src/mapping/compile-mapping.ts'
import { nameInDn, rdnValues } from '../../src/mapping/dn.ts'
import { fieldKeys, isConditionField } from '../../src/mapping/fields.ts'
import type { MapOptions } from '../../src/mapping/options.ts'
import { entryOf, mapped, now, personOf, site } from './entry.ts'

describe('where a value comes from', () => {
  test('a text takes the first attribute that has a value, a list takes all', () => {
    const person = personOf(
      { title: ['personalTitle', 'title', 'employeeType'], aliases: ['uid', 'mail'] },
      { title: ['Dr', 'Prof'], employeeType: 'x', uid: ['ada', 'al'], mail: 'ada@example.org' },
    )
    expect(person.details.title).toBe('Dr')
    expect(person.aliases).toEqual(['ada', 'al', 'ada@example.org'])
  })

  test('the spelling of an attribute does not matter', () => {
    expect(personOf({ title: 'EMPLOYEETYPE' }, { employeeType: 'Boss' }).details.title).toBe('Boss')
  })

  test('empty and blank values are no values', () => {
    expect(personOf({ title: ['a', 'b'] }, { a: ['', ' '], b: 'Boss' }).details.title).toBe('Boss')
  })

  test('null unmaps a field of the preset', () => {
    const attributes = { mail: 'ada@example.org', mobile: '0171 3920012' }
    expect(personOf({}, attributes)).toMatchObject({ email: 'ada@example.org' })
    expect(personOf({ email: null, mobile: null }, attributes)).toMatchObject({
      email: null,
      numbers: [],
    })
  })

  test('a field can be made from another one, in whatever order they stand', () => {
    const person = personOf(
      {
        callGroup: { from: 'extension', match: '^(\\d)' },
        email: { template: '{user}@example.org' },
        user: { from: 'extension', template: 'u{value}' },
        custom1: ['nothing', 'did'],
      },
      { telephoneNumber: '030 23125-501' },
    )
    expect(person).toMatchObject({
      callGroups: ['5'],
      user: 'u501',
      email: 'u501@example.org',
      details: { custom1: '+493023125501' },
    })
  })

  test("the entry's own attribute goes before a field of the same name", () => {
    const map: MapOptions = { title: { template: 'field' }, custom1: 'title' }
    expect(personOf(map, { title: 'attribute' }).details.custom1).toBe('attribute')
    expect(personOf(map, {}).details.custom1).toBe('field')
  })

  test('groups may stand in the DN', () => {
    expect(personOf({ groups: ['memberOf', 'dn.ou'] }, { memberOf: 'cn=a' }).groups).toEqual([
      'cn=a',
      'Research',
      'Berlin',
    ])
  })

  test('a secret is not to be had for a field that is shown', () => {
    expect(personOf({ pin: 'x', custom1: 'pin' }, { x: '1234' }).details.custom1).toBeUndefined()
  })
})

describe('what is made of a value', () => {
  const custom = (rule: NonNullable<MapOptions['custom1']>, value: string | readonly string[]) =>
    personOf({ custom1: rule }, { x: value }).details.custom1

  test('match takes its first bracket, or all that matched, or nothing', () => {
    expect(custom({ from: 'x', match: '(\\d{3,4})$' }, 'room 1234')).toBe('1234')
    expect(custom({ from: 'x', match: '\\d+' }, 'a 12 b 34')).toBe('12')
    expect(custom({ from: 'x', match: '^\\d+$' }, 'none')).toBeUndefined()
  })

  test('replace changes every match and leaves the rest', () => {
    expect(custom({ from: 'x', match: '[ .-]', replace: '' }, '030-12 34.5')).toBe('03012345')
    expect(custom({ from: 'x', match: '^00(\\d+)', replace: '+$1' }, '0049')).toBe('+49')
    expect(custom({ from: 'x', match: '^00(\\d+)', replace: '+$1' }, '12')).toBe('12')
  })

  test('template puts attributes and the value together, and leaves no holes', () => {
    const map: MapOptions = { name: { template: '{givenName} {middle} {sn}' } }
    expect(personOf(map, { givenName: 'Ada', sn: 'King' }).name).toBe('Ada King')
    expect(personOf(map, { uid: 'ada' }).name).toBe('ada')
    expect(custom({ from: 'x', template: '<{value}>' }, 'a')).toBe('<a>')
  })

  test('split cuts one value into several', () => {
    const { aliases } = personOf({ aliases: { from: 'x', split: ';' } }, { x: 'a; b ;;c' })
    expect(aliases).toEqual(['a', 'b', 'c'])
  })

  test('values: first takes one for a list, values: all joins them for a detail', () => {
    const person = personOf(
      { aliases: { from: ['x', 'y'], values: 'first' }, custom1: { from: 'x', values: 'all' } },
      { x: ['a', 'b'], y: 'c' },
    )
    expect(person.aliases).toEqual(['a'])
    expect(person.details.custom1).toBe('a, b')
  })

  test('strip two, delete a pattern, put something before and behind: in this order', () => {
    const rule = { from: 'x', match: '^.{2}|-', replace: '', template: '9{value}7' }
    expect(personOf({ extension: rule }, { x: 'ab1-2-3' }).extension).toBe('91237')
  })
})

describe('fields with a meaning', () => {
  test('disabled may also follow an attribute, besides what the directory says itself', () => {
    const map: MapOptions = { disabled: { from: 'employeeType', is: ['left', 'Inactive'] } }
    expect(personOf(map, { employeeType: 'INACTIVE' }).disabled).toBe('disabled')
    expect(personOf(map, { employeeType: 'clerk' }).disabled).toBeNull()
    expect(personOf(map, { pwdAccountLockedTime: '000001010000Z' }).disabled).toBe('disabled')
    expect(personOf({ disabled: null }, { pwdAccountLockedTime: '000001010000Z' }).disabled).toBe(
      null,
    )
  })

  test('isNot, match and a plain attribute name are conditions too', () => {
    const disabled = (rule: NonNullable<MapOptions['disabled']>, value?: string) =>
      personOf({ disabled: rule }, value === undefined ? {} : { status: value }).disabled
    expect(disabled({ from: 'status', isNot: 'active' }, 'gone')).toBe('disabled')
    expect(disabled({ from: 'status', isNot: 'active' }, 'active')).toBeNull()
    expect(disabled({ from: 'status', isNot: 'active' })).toBeNull()
    expect(disabled({ from: 'status', match: '^x-' }, 'x-1')).toBe('disabled')
    expect(disabled(['other', 'status'], 'TRUE')).toBe('disabled')
    expect(
      personOf({ hidden: { from: 'status', is: 'secret' } }, { status: 'secret' }).hidden,
    ).toBe(true)
  })

  test('secrets come apart from the person', () => {
    const result = mapped(
      { preset: 'openldap', map: { sipSecret: 'x1', pin: 'x2', voicemailPin: 'x3' } },
      { cn: 'Ada', x1: 'S3cret!', x2: 'Geheim-1', x3: '4711' },
    )
    expect(result).toMatchObject({
      secrets: { sip: 'S3cret!', pin: 'Geheim-1', voicemailPin: '4711' },
    })
    expect(JSON.stringify(result.person)).not.toMatch(/S3cret|Geheim|4711/)
  })

  test('a DID that the administrator names is taken whether it is in our range or not', () => {
    expect(personOf({ did: 'fax' }, { fax: ['+48 12 345 67 89', '501'] }).dids).toEqual([
      '+48123456789',
      '+493023125501',
    ])
  })

  test('call groups are split at commas, a caller id becomes E.164', () => {
    const person = personOf(
      { callGroup: 'g', pickupGroup: 'h', callerId: 'c' },
      { g: '1,2', h: ['2', 'sales'], c: '030 23125-0' },
    )
    expect(person).toMatchObject({
      callGroups: ['1', '2'],
      pickupGroups: ['2', 'sales'],
      callerId: '+4930231250',
    })
  })

  test('every field can be mapped from an attribute of any name', () => {
    const values: Readonly<Record<string, string>> = {
      did: '+493023125501',
      email: 'a@example.org',
      callerId: '+493023125501',
      disabled: 'TRUE',
      hidden: 'TRUE',
      voicemailPin: '1234',
    }
    for (const key of fieldKeys) {
      const value = values[key] ?? '612'
      const bare = { cn: 'Ada', uid: 'ada', telephoneNumber: '+493023125503' }
      const at = (attributes: Readonly<Record<string, string>>) =>
        compileMapping({
          source: 'office',
          site,
          options: { preset: 'openldap', map: { [key]: isConditionField(key) ? 'X-y' : ['X-y'] } },
        }).map(entryOf({ ...bare, ...attributes }), now)
      expect(at({ 'x-Y': value }), key).not.toEqual(at({}))
    }
  })
})

test('people share what is the same for many, and what is empty', () => {
  const mapping = compileMapping({ source: 'office', site, options: { preset: 'openldap' } })
  const text = () => ['Sa', 'les'].join('')
  const [one, other] = [1, 2].map(() => mapping.map(entryOf({ cn: 'A', memberOf: text() }), now))
  expect(one?.person?.aliases).toBe(other?.person?.dids)
  expect(Object.isFrozen(one?.person?.aliases)).toBe(true)
  expect(one).toEqual(other)
})

test('DNs are taken apart with their escapes', () => {
  expect(nameInDn('CN=King\\, Ada+uid=ada,OU=x')).toBe('King, Ada')
  expect(nameInDn('cn=J\\C3\\BCrgen,ou=x')).toBe('Jürgen')
  expect(nameInDn('Ada King')).toBe('Ada King')
  expect(rdnValues('cn=a,OU=Sales\\2C North, ou = EMEA ,dc=x', 'ou')).toEqual([
    'Sales, North',
    'EMEA',
  ])
})
