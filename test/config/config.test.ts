import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigInvalid, parseConfig } from '../../src/config/config.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const good = `
site: { country: DE }
sources:
  office:
    preset: active-directory
    servers: [ldaps://dc1.example.org]
    base: DC=example,DC=org
    bind: { user: svc@example.org, password: secret }
`

function complain(yaml: string): readonly string[] {
  try {
    parseConfig(yaml, '/etc/peerage/peerage.yaml', {})
  } catch (error) {
    if (error instanceof ConfigInvalid) {
      return error.complaints.map(({ path, problem }) => `${path}: ${problem}`)
    }
    throw error
  }
  return []
}

describe('a good configuration', () => {
  test('is filled with the defaults, and paths start from its folder', () => {
    const config = parseConfig(`${good}    caFile: ca.pem\n`, '/etc/peerage/peerage.yaml', {})
    expect(config).toMatchObject({
      state: 'sqlite:/etc/peerage/data/peerage.db',
      listen: { pbx: '127.0.0.1:8070', web: '127.0.0.1:8080' },
      dialplan: { internal: 'internal', trunk: 'from-trunk' },
      log: 'info',
    })
    expect(config.sources['office']).toMatchObject({
      schedule: '*/10 * * * *',
      caFile: '/etc/peerage/ca.pem',
    })
  })

  test('takes secrets from files and, before them, from the environment', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'password'), 'from file\n')
    await writeFile(join(folder.path, 'other'), 'from other file')
    const yaml = good.replace('password: secret', 'passwordFile: ./password')
    const file = join(folder.path, 'peerage.yaml')
    const read = (environment: Record<string, string>) =>
      parseConfig(yaml, file, environment).sources['office']?.bind?.password
    expect(read({})).toBe('from file')
    expect(read({ PEERAGE_SOURCES_OFFICE_BIND_PASSWORD: 'from env' })).toBe('from env')
    expect(read({ PEERAGE_SOURCES_OFFICE_BIND_PASSWORD_FILE: './other' })).toBe('from other file')
  })
})

describe('a bad one is refused with every complaint, its place and what was expected', () => {
  test('unknown options name the nearest known one', () => {
    expect(complain(`${good}    shedule: "* * * * *"\nlisten: { pxb: 127.0.0.1:1 }\n`)).toEqual([
      `sources.office.shedule: is not an option; did you mean 'schedule'?`,
      `listen.pxb: is not an option; did you mean 'pbx'?`,
    ])
  })

  test('several mistakes of several kinds come together', () => {
    const yaml = good
      .replace('country: DE', 'country: 7')
      .replace('[ldaps://dc1.example.org]', 'ldaps://dc1.example.org')
    const complaints = complain(`${yaml}log: loud\nclasses: { sales: { maxContacts: 0 } }\n`)
    expect(complaints).toHaveLength(4)
    expect(complaints.join('\n')).toMatch(/site\.country: is 7; expected a text/)
    expect(complaints.join('\n')).toMatch(/sources\.office\.servers: .* expected a list/)
    expect(complaints.join('\n')).toMatch(/log: .* expected 'debug' or 'info' or/)
    expect(complaints.join('\n')).toMatch(
      /classes\.sales\.maxContacts: is 0; expected a number from 1/,
    )
  })

  test.each([
    ['no source', 'site: { country: DE }\nsources: {}', /^sources: /],
    ['no site', 'sources: { a: { preset: openldap, ldif: x } }', /^site: is missing/],
    ['an empty file', '', /^site: is missing/],
    [
      'a broken schedule',
      `${good}    schedule: "every day"`,
      /office\.schedule: 'every day' is not a cron/,
    ],
    ['a broken address', `${good}listen: { web: "8080" }`, /listen\.web: '8080' is not an address/],
    [
      'an unknown database',
      `${good}state: mysql://u:geheim@db/x`,
      /state: 'mysql:…' is not a database/,
    ],
    ['a class for nobody', `${good}classes: { a: {} }`, /classes\.a\.when: missing/],
    [
      'a name that is none',
      good.replace('office', 'Head Office'),
      /sources\.Head Office: is not a name/,
    ],
    ['broken YAML', 'site: { country: DE', /^YAML: /],
    ['a key given twice', 'log: info\nlog: debug', /^YAML: .*unique/],
    [
      'a secret file that is not there',
      good.replace('password: secret', 'passwordFile: nowhere'),
      /bind\.passwordFile: cannot be read/,
    ],
  ])('%s', (_, yaml, complaint) => {
    expect(complain(yaml)[0]).toMatch(complaint)
  })

  test('a complaint never shows what may be a secret', () => {
    const yaml = good.replace('password: secret', 'password: [hunter2]')
    expect(complain(yaml).join('\n')).toMatch(/bind\.password: is a list of 1; expected a text/)
    expect(complain(`${good}state: hunter2`).join('\n')).not.toContain('mysql')
  })

  test('the message lists them with an example', () => {
    expect(() => parseConfig(`${good}listen: { web: x }`, 'peerage.yaml', {})).toThrow(
      /^peerage\.yaml cannot be used:\n {2}listen\.web: .*\n {4}for example: 127\.0\.0\.1:8080$/,
    )
  })
})
