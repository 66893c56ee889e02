import { expect, test } from 'vitest'
import { isDialable } from '../../src/person/dialable.ts'
import type { MapOptions } from '../../src/mapping/options.ts'
import { mapped, personOf } from './entry.ts'

const asIs: MapOptions = { extension: 'x', aliases: 'x', callGroup: 'x', email: 'x', callerId: 'x' }

test.each([
  '${SHELL(rm -rf /)}',
  '501&SIP/other',
  '501,1,Hangup',
  '_X.',
  '_5XX',
  '501|502',
  '501 502x',
  '"501"',
  "5'01",
  '501\r\nX-Evil: 1',
  '501\u0000',
  'a/../b',
  'a:b',
  'a;b',
  'a=b',
  '$[1+1]',
  'ünïcode',
  '@501x',
  'x'.repeat(80),
])('%j is neither extension nor alias nor anything else that is dialled', (value) => {
  const { person, problems } = mapped({ preset: 'openldap', map: asIs }, { cn: 'Eve', x: value })
  expect(person).toMatchObject({ extension: null, aliases: [], email: null })
  expect(person?.callerId ?? '+49').toMatch(/^\+\d+$/)
  expect(person?.callGroups.every((group) => /^[\w-]+$/.test(group))).toBe(true)
  expect(problems.length).toBeGreaterThan(0)
})

test.each(['112', '110', '*98', '*21*112#'])(
  'nobody makes himself %s, as extension, as alias, or by an expression',
  (value) => {
    for (const rule of ['x', { from: 'x', match: '.+' }]) {
      const map: MapOptions = { extension: rule, aliases: rule }
      const { person, problems } = mapped({ preset: 'openldap', map }, { cn: 'Eve', x: value })
      expect(person).toMatchObject({ extension: null, aliases: [] })
      expect(problems[0]?.text).toMatch(/emergency/)
    }
  },
)

test('a person keeps everything else that is good, and the report names entry and attribute', () => {
  const { person, problems } = mapped(
    { preset: 'openldap' },
    { cn: 'Eve', telephoneNumber: '030 12x', mail: 'no mail', mobile: '0171 3920012' },
  )
  expect(person).toMatchObject({ name: 'Eve', email: null })
  expect(person?.numbers.map((one) => one.e164)).toEqual([null, '+491713920012'])
  expect(problems).toEqual([
    {
      entry: 'uid=ada,ou=Research,ou=Berlin,dc=example,dc=org',
      attribute: 'telephoneNumber',
      text: '"030 12x" holds "x", which is no part of a telephone number',
    },
    {
      entry: 'uid=ada,ou=Research,ou=Berlin,dc=example,dc=org',
      attribute: 'mail',
      text: '"no mail" is no mail address',
    },
  ])
})

test('control characters and bidi overrides are gone from every text', () => {
  const value = 'A\r\nB\u0000C\u001b[31mD\u202eE\u2066F\u200bG\ufeff'
  const names = ['cn', 'sn', 'givenName', 'title', 'ou', 'memberOf', 'uid', 'street', 'mobile']
  const person = personOf({}, Object.fromEntries(names.map((name) => [name, value])))
  expect(JSON.stringify(person)).not.toMatch(
    /\\[rn]|\\u00[01]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/,
  )
  expect(person.name).toBe('A BC[31mDEFG')
})

test('half a character is no character', () => {
  expect(personOf({}, { cn: 'Ada \ud83d' }).name.isWellFormed()).toBe(true)
  expect(personOf({}, { cn: `${'x'.repeat(159)}😀` }).name).toHaveLength(159)
})

test('a name of a megabyte is cut, and said so', () => {
  const { person, problems } = mapped({ preset: 'openldap' }, { cn: 'y'.repeat(1_000_000) })
  expect(person?.name).toHaveLength(160)
  expect(problems).toMatchObject([{ attribute: 'cn', text: 'was cut to 160 characters' }])
})

test('an entry with endless values is bounded, in what is kept and in what is reported', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `bad value ${index}`)
  const map: MapOptions = { aliases: 'x', groups: 'x', phone: 'x' }
  const { person, problems } = mapped({ preset: 'openldap', map }, { cn: 'Eve', x: many })
  expect(person?.groups).toHaveLength(1000)
  expect(person?.numbers).toHaveLength(50)
  expect(problems).toHaveLength(20)
})

test('a secret is never quoted, however wrong it is', () => {
  const map: MapOptions = { sipSecret: 'x', pin: 'x', voicemailPin: 'x' }
  const result = mapped({ preset: 'openldap', map }, { cn: 'Ada', x: 'geheim;\r\nx' })
  expect(result).toMatchObject({ secrets: {} })
  expect(result.problems).toHaveLength(3)
  expect(JSON.stringify(result)).not.toContain('geheim')
})

test('a value too long for an expression is left out instead of being tried', () => {
  const map: MapOptions = { custom1: { from: 'x', match: '^(.*)$' } }
  const { person, problems } = mapped({ preset: 'openldap', map }, { cn: 'A', x: 'x'.repeat(300) })
  expect(person?.details).toEqual({})
  expect(problems[0]?.text).toContain('longer than 256')
})

test('what may be dialled', () => {
  for (const good of ['501', 'ada', 'Ada.King', 'ada@example.org', 'a_b-c+d', 'x'.repeat(79)]) {
    expect(isDialable(good), good).toBe(true)
  }
  for (const bad of ['', '_501', '.x', 'a b', 'x'.repeat(80), '501\n']) {
    expect(isDialable(bad), bad).toBe(false)
  }
})
