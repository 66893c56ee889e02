import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../src/config/config.ts'
import { hiddenSecret } from '../../src/config/option-text.ts'
import { sourceText } from '../../src/config/source-text.ts'
import { SettingsFile } from '../../src/settings/settings-file.ts'
import { SourceDraft } from '../../src/settings/source-draft.ts'

const yaml = `site: { country: DE }
sources:
  office:
    preset: openldap
    servers: [ldaps://dc1.example.org, ldaps://dc2.example.org] # both
    base: dc=example,dc=org
    bind: { user: svc, password: hunter2 }
  lab:
    preset: openldap
    ldif: lab.ldif
asterisk: []
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-draft-'))
  writeFileSync(join(folder, 'peerage.yaml'), yaml)
})
afterEach(() => rmSync(folder, { recursive: true }))

function draftOf(name: string, environment: Environment = {}): SourceDraft {
  const file = new SettingsFile(join(folder, 'peerage.yaml'), environment, () => {})
  const text = sourceText(file.read(), name)
  return new SourceDraft(name, file, text, text ?? 'preset: openldap\n')
}

function finished(draft: SourceDraft) {
  const result = draft.finish()
  if (!('text' in result)) throw new Error(JSON.stringify(result))
  return result
}

function problems(draft: SourceDraft): string[] {
  const result = draft.finish()
  return 'text' in result ? [] : result.map(({ path, problem }) => `${path} ${problem}`)
}

describe('a password', () => {
  test('is never shown, and stays when its mark stays', () => {
    const draft = draftOf('office')
    expect(draft.text).not.toContain('hunter2')
    draft.write(draft.text.replace('openldap', '389-ds'))
    const { text, config, newSecret } = finished(draft)
    expect(text).toBe(yaml.replace('preset: openldap', 'preset: 389-ds'))
    expect(config.sources['office']?.bind?.password).toBe('hunter2')
    expect(newSecret).toBeNull()
  })

  test.each(['in its own field', 'in the text'])('typed %s goes into a file of its own', (way) => {
    const draft = draftOf('office')
    if (way === 'in its own field') draft.setPassword('new"one')
    else draft.write(draft.text.replace(hiddenSecret, JSON.stringify('new"one')))
    expect(draft.text).not.toContain('new"one')
    const { text, config, newSecret } = finished(draft)
    expect(newSecret?.password).toBe('new"one')
    expect(newSecret?.name).toMatch(/^office-[0-9a-f]{8}\.password$/)
    expect(text).toContain(`passwordFile: ${newSecret?.name}`)
    expect(text).not.toMatch(/hunter2|new"one|\bpassword:/)
    expect(config.sources['office']?.bind?.password).toBe('new"one')
  })

  test.each([
    ['another server', 'ldaps://dc2.example.org', 'ldaps://evil.example'],
    ['another port', 'dc2.example.org', 'dc2.example.org:1636'],
    ['one server more', 'servers: [', 'servers: [ldap://evil.example, '],
    ['a weaker protection', 'base:', 'verify: false\nbase:'],
    ['another name in the certificate', 'base:', 'serverName: evil.example\nbase:'],
  ])('that is kept is not sent to %s', (_, from, to) => {
    const draft = draftOf('office')
    draft.write(draft.text.replace(from, to))
    expect(problems(draft)).toEqual([
      expect.stringContaining('sources.office.bind.password is to be typed again'),
    ])
    draft.setPassword('another')
    expect(problems(draft)).toEqual([])
  })

  test('that is kept goes to fewer servers, and as somebody else', () => {
    const draft = draftOf('office')
    draft.fillIn({ servers: 'ldaps://dc2.example.org', bindUser: 'other' })
    expect(finished(draft).config.sources['office']).toMatchObject({
      servers: ['ldaps://dc2.example.org'],
      bind: { user: 'other', password: 'hunter2' },
    })
  })

  test('of another source cannot be taken by a new one, by whatever name', () => {
    const variable = 'PEERAGE_SOURCES_EVIL_BIND_PASSWORD'
    for (const bind of [
      `{ user: svc }`,
      `{ user: svc, password: ${hiddenSecret} }`,
      `{ user: svc, passwordFile: office.password }`,
      `{ user: svc, passwordFile: /proc/self/environ }`,
    ]) {
      const draft = draftOf('evil', { [variable]: 'of the environment' })
      draft.write(`preset: openldap\nservers: [ldap://evil.example]\nbase: dc=x\nbind: ${bind}\n`)
      expect(problems(draft).length, bind).toBeGreaterThan(0)
    }
  })

  test('of the environment is stronger than one that is typed, and that is said', () => {
    const draft = draftOf('office', { PEERAGE_SOURCES_OFFICE_BIND_PASSWORD: 'env' })
    draft.setPassword('typed')
    expect(problems(draft)).toEqual([expect.stringContaining('stands in the environment')])
  })
})

describe('a file', () => {
  test.each([
    '/etc/passwd',
    '/etc/peerage.ldif',
    '../people.ldif',
    'sub/../../people.ldif',
    'peerage.yaml',
    'link/people.ldif',
    'office.password',
  ])('%s cannot be named as LDIF', (path) => {
    symlinkSync('/etc', join(folder, 'link'))
    const draft = draftOf('lab')
    draft.fillIn({ ldif: path })
    expect(problems(draft)).toEqual([expect.stringContaining('sources.lab.ldif is no file')])
  })

  test('in the folder of the configuration, or below, can be named', () => {
    const draft = draftOf('lab')
    draft.fillIn({ ldif: 'people/new.ldif' })
    expect(finished(draft).config.sources['lab']?.ldif).toBe(join(folder, 'people/new.ldif'))
  })

  test('that the configuration names already may stay, wherever it is', () => {
    writeFileSync(join(folder, 'peerage.yaml'), yaml.replace('lab.ldif', '/srv/lab.txt'))
    const draft = draftOf('lab')
    draft.fillIn({ filter: '(uid=*)' })
    expect(problems(draft)).toEqual([])
  })
})

describe('what is wrong', () => {
  test('is all said at once, and in the text of the whole file', () => {
    const draft = draftOf('lab')
    draft.write('preset: openldap\nldif: lab.ldif\nfilter: "(uid=*"\nmap: { extnsion: uid }\n')
    const wrong = problems(draft)
    expect(wrong).toHaveLength(2)
    expect(wrong.join()).toContain('sources.lab.filter')
    expect(wrong.join()).toContain('did you mean "extension"?')
  })

  test('is a change of the same source by somebody else meanwhile', () => {
    const draft = draftOf('lab')
    draft.fillIn({ filter: '(uid=*)' })
    writeFileSync(join(folder, 'peerage.yaml'), yaml.replace('lab.ldif', 'other.ldif'))
    expect(problems(draft)).toEqual([expect.stringContaining('begin again')])
  })

  test.each([
    ['an alias', 'preset: openldap\nbind: *office\n'],
    ['a way out of its place', 'preset: openldap\n---\nlog: debug\n'],
    ['no options', 'just text'],
  ])('is %s', (_, text) => {
    const draft = draftOf('lab')
    draft.write(text)
    expect(problems(draft).length).toBeGreaterThan(0)
  })

  test('is a source whose people are a part of another one', () => {
    const joined = `${yaml.replace('asterisk: []\n', '')}  third:\n    preset: openldap\n    ldif: t.ldif\n    join: { to: lab, by: email }\n`
    writeFileSync(join(folder, 'peerage.yaml'), joined)
    const draft = draftOf('lab')
    draft.remove()
    expect(problems(draft).join()).toContain('sources.third.join')
  })
})

test('what is filled in is text for LDAP and YAML, whatever it looks like', () => {
  const draft = draftOf('office')
  const hostile = `dc=a: {b}, "c"\n# *)(uid=*`
  draft.fillIn({ base: hostile, map: { extension: 'ipPhone, *)(uid=*' } })
  draft.setPassword('x')
  expect(draft.fields.base).toBe(hostile)
  expect(problems(draft)).toEqual([expect.stringContaining('sources.office.map.extension')])
  draft.fillIn({ map: { extension: '' } })
  expect(finished(draft).config.sources['office']?.base).toBe(hostile)
})
