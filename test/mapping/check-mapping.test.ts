import { describe, expect, test } from 'vitest'
import { checkMapping } from '../../src/mapping/check-mapping.ts'
import { compileMapping } from '../../src/mapping/compile-mapping.ts'
import type { MapOptions } from '../../src/mapping/options.ts'
import { compileSafely } from '../../src/mapping/safe-regexp.ts'
import { site } from './entry.ts'

const complaintsAbout = (map: Readonly<Record<string, unknown>>) =>
  checkMapping({ preset: 'openldap', map: map as MapOptions }, 'sources.office')

test.each([
  ['extensoin', 'extension'],
  ['alias', 'aliases'],
  ['mail', 'email'],
  ['telephoneNumber', 'phone'],
  ['call_group', 'callGroup'],
  ['departement', 'department'],
])('%s is no field, but %s is', (wrong, right) => {
  expect(complaintsAbout({ [wrong]: 'x' })).toMatchObject([
    {
      path: `sources.office.map.${wrong}`,
      problem: `there is no field "${wrong}"; did you mean "${right}"?`,
    },
  ])
})

test.each([
  [{ extension: { from: 'x', match: '(\\d' } }, 'map.extension.match', 'no regular expression'],
  [{ name: { from: 'x', match: '^0', replace: '$1' } }, 'map.name.replace', 'refers to nothing'],
  [{ name: { from: 'x', replace: 'y' } }, 'map.name.replace', 'needs a match'],
  [{ name: { match: 'x' } }, 'map.name', 'neither from nor template'],
  [{ name: { template: '{value}' } }, 'map.name.template', '{value} refers to nothing'],
  [{ name: { template: '{a b}' } }, 'map.name.template', 'no attribute and no field'],
  [{ name: { template: '{sn' } }, 'map.name.template', 'without its mate'],
  [{ aliases: ['x', { from: 'a b' }] }, 'map.aliases[1].from', 'no attribute name'],
  [{ extension: { from: 'x', values: 'all' } }, 'map.extension', 'takes one value'],
  [{ aliases: { from: 'x', own: true } }, 'map.aliases', 'for did only'],
  [{ callGroup: 'extension', extension: null }, 'map.callGroup', 'which is not mapped'],
  [{ user: 'extension', extension: 'user' }, 'map.user', 'and that from "user"'],
  [{ custom1: 'sipSecret', sipSecret: 'x' }, 'map.custom1', 'nothing can be made from'],
  [{ disabled: { from: 'x', is: 'a', match: 'b' } }, 'map.disabled', 'more than one of'],
  [{ disabled: { from: 'x', match: '[' } }, 'map.disabled.match', 'no regular expression'],
])('%o is complained about', (map, path, problem) => {
  const [first] = complaintsAbout(map)
  expect(first?.path).toBe(`sources.office.${path}`)
  expect(first?.problem).toContain(problem)
})

test('all mistakes are told at once', () => {
  expect(complaintsAbout({ foo: 'x', name: { match: '(' }, pin: { from: '1' } })).toHaveLength(4)
})

test('what is in the example of the documentation is right', () => {
  const map = {
    extension: { from: ['ipPhone', 'telephoneNumber'], match: '(\\d{3,4})$' },
    did: 'facsimileTelephoneNumber',
    aliases: ['otherTelephone', 'otherHomePhone', 'mail'],
    callGroup: { from: 'extension', match: '^(\\d)' },
    email: null,
  }
  expect(complaintsAbout(map)).toEqual([])
})

test('contacts belong to Active Directory', () => {
  expect(checkMapping({ preset: 'zimbra', contacts: true }, 'sources.z')).toHaveLength(1)
  expect(checkMapping({ preset: 'active-directory', contacts: true }, 'sources.z')).toEqual([])
})

test('a mapping that was not checked does not start with half of its rules', () => {
  const map: MapOptions = { name: { from: 'x', match: '(' } }
  expect(() => compileMapping({ source: 'x', site, options: { preset: 'openldap', map } })).toThrow(
    'map.name.match',
  )
})

describe('expressions that could take for ever', () => {
  test.each([
    '(a+)+$',
    '(.*)*x',
    '(a|aa)+$',
    '([a-z]+)*\\d',
    '(\\d{1,20}){1,20}x',
    '.*.*.*.*x',
    '(.+)-(.+)-(.+)-(.+)x',
    '(\\w)\\1',
    '(?:a?){30}a{30}',
    `${'a?'.repeat(30)}${'a'.repeat(30)}`,
    '(?=(a+))+b',
  ])('%s is refused', (pattern) => {
    expect(compileSafely(pattern)).toBeTypeOf('string')
  })

  test.each([
    '(\\d{3,4})$',
    '^\\+49\\s*\\(?0?\\)?\\s*30',
    '^(.*?)\\s*-\\s*(.*)$',
    '^CN=([^,]+),OU=([^,]+)',
    '^(?:x|ext\\.?)\\s*(\\d{1,6})$',
    '^(?<first>\\w+) (?<last>.*)$',
    '[\\s().-]',
    '\\p{Lu}\\p{Ll}+',
    '^\\S+@example\\.org$',
    '^smtp:(.+)$',
    '(\\.\\d{1,3}){3}$',
    '^.{2}|-',
    '[]x-]',
  ])('%s is taken', (pattern) => {
    expect(compileSafely(pattern)).toBeInstanceOf(RegExp)
  })

  test('what is taken is quick on texts made to be slow', () => {
    const patterns = ['^(.*?)\\s*-\\s*(.*)$', '.*a.*b', '\\s+\\d+x', '(\\w+)@(\\w+)x']
    const texts = ['a', ' ', '-', ' -', '5', 'a@'].map((one) => `${one.repeat(256).slice(0, 255)}!`)
    const started = performance.now()
    for (const pattern of patterns) {
      const expression = compileSafely(pattern)
      if (typeof expression === 'string') throw new Error(expression)
      for (const text of texts) expression.test(text)
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
