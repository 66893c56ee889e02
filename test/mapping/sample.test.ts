import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { parseConfig, readConfig } from '../../src/config/config.ts'
import { LdifSource } from '../../src/directory/ldif/ldif-source.ts'
import type { EntryProblem } from '../../src/directory/source.ts'
import { compileMapping } from '../../src/mapping/compile-mapping.ts'
import type { Person } from '../../src/person/person.ts'
import { compileSite } from '../../src/person/site.ts'
import { now } from './entry.ts'

const sample = new URL('../../sample/', import.meta.url).pathname
const people: Person[] = []
const problems: EntryProblem[] = []

beforeAll(async () => {
  const config = readConfig(`${sample}peerage.yaml`, {})
  const options = config.sources['company']
  if (options?.ldif === undefined) throw new Error('the sample has no source "company"')
  const site = compileSite(config.site)
  const mapping = compileMapping({ source: 'company', options, site })
  const settings = { base: '', scope: 'sub', filter: null, settleMs: 0, pollMs: 1000 } as const
  const source = new LdifSource('company', { ...settings, file: options.ldif }, mapping.request)
  for await (const batch of source.read(new AbortController().signal)) {
    problems.push(...batch.problems)
    for (const entry of batch.entries) {
      const mapped = mapping.map(entry, now)
      problems.push(...mapped.problems)
      if (mapped.person !== null) people.push(mapped.person)
    }
  }
})

const at = (extension: string) => people.filter((person) => person.extension === extension)

test('the sample company has some sixty people, each with an id of its own', () => {
  expect(people.length).toBeGreaterThan(55)
  expect(new Set(people.map((person) => person.id)).size).toBe(people.length)
})

test('501 and 502 are ordinary people with a number of their own', () => {
  expect(at('501')).toMatchObject([
    {
      name: 'Ada Lindqvist',
      dids: ['+493023125501'],
      disabled: null,
      aliases: ['ada', 'ada@nordlicht.example'],
    },
  ])
  expect(at('502')).toMatchObject([{ name: 'Grace Hoffmann', dids: ['+493023125502'] }])
})

test('reception and sales share their numbers', () => {
  const behind = (did: string) => people.filter((person) => person.dids.includes(did)).length
  expect(behind('+493023125100')).toBe(2)
  expect(behind('+493023125200')).toBe(5)
  expect(behind('+493023125501')).toBe(1)
})

test('it shows what a directory holds besides: conflicts, leavers, contacts, a hidden door', () => {
  expect(at('515')).toHaveLength(2)
  expect(people.filter((person) => person.disabled !== null).map((one) => one.extension)).toEqual([
    '525',
    '611',
    '707',
  ])
  expect(people.filter((person) => person.extension === null).length).toBeGreaterThanOrEqual(5)
  expect(people.filter((person) => person.hidden)).toMatchObject([{ extension: '590' }])
  expect(people.map((person) => person.name).join('')).toMatch(/ł.*Ελένη.*Владимир/)
})

test('one entry is wrong on purpose, and no other', () => {
  expect(new Set(problems.map((problem) => problem.entry))).toEqual(
    new Set(['uid=robin.fuchs,ou=Berlin,ou=People,dc=nordlicht,dc=example']),
  )
})

test.each(['active-directory.yaml', 'openldap.yaml'])('%s can be started from', (name) => {
  const text = readFileSync(`${sample}${name}`, 'utf8')
  const withPassword = text.replace(/passwordFile: \S+ /, 'password: secret ')
  const config = parseConfig(withPassword, `${sample}${name}`, {})
  expect(Object.keys(config.sources)).toEqual(['office'])
})

test.each(['active-directory.yaml', 'openldap.yaml'])(
  'what %s proposes is accepted too',
  (name) => {
    const text = readFileSync(`${sample}${name}`, 'utf8')
    const proposals = text
      .replace(/passwordFile: \S+ /, 'password: secret ')
      .replaceAll(/^ {4}# (map:|filter:| {2}\S+: )/gm, '    $1')
    expect(proposals).toMatch(/^ {4}map:\n {6}extension/m)
    expect(parseConfig(proposals, `${sample}${name}`, {}).sources['office']?.map).toHaveProperty(
      'callGroup',
    )
  },
)
