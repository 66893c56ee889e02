import { describe, expect, test } from 'vitest'
import {
  editOptions,
  hiddenSecret,
  hideSecrets,
  keepSecret,
  putSecret,
  readOptions,
} from '../../src/config/option-text.ts'
import { diffLines } from '../../src/config/line-diff.ts'

describe(hideSecrets, () => {
  test('hides every password, wherever and however it is written', () => {
    const text = `sources:
  office:
    bind: { user: svc, password: hunter2 } # the service
  lab:
    bind:
      user: svc
      password: |
        hunter2
      # stays
asterisk:
  - ami: { user: peerage, password: "hunter2" }
`
    const hidden = hideSecrets(text)
    expect(hidden).not.toContain('hunter2')
    expect(hidden.split(hiddenSecret)).toHaveLength(4)
    expect(hidden).toContain('# the service')
    expect(hidden).toContain('      # stays')
  })

  test('shows nothing of what is no YAML', () => {
    expect(hideSecrets('bind: { password: "hunter2')).toBe(hiddenSecret)
  })
})

describe(putSecret, () => {
  test('puts the secret where its mark is, whatever is in it', () => {
    const hidden = `bind: { user: svc, password: ${hiddenSecret} } # kept\n`
    const shown = putSecret(hidden, ['bind', 'password'], `a"b\\c: #'{`)
    expect(readOptions(shown, '').options).toEqual({
      bind: { user: 'svc', password: `a"b\\c: #'{` },
    })
    expect(shown).toContain('# kept')
  })
})

describe(keepSecret, () => {
  test.each([
    ['bind: { user: a, password: plain }', 'bind: { user: a, password: plain }\n'],
    ['bind:\n  password: "quo\\"ted" # c', 'bind: { user: a, password: "quo\\"ted" }\n'],
    ['bind:\n  password: a, b}', 'bind: { user: a, password: "a, b}" }\n'],
    ['bind:\n  password: |\n    two\n    lines', 'bind: { user: a, password: "two\\nlines\\n" }\n'],
    ['bind: { user: a }', 'bind: { user: a }\n'],
  ])('%j is kept', (before, after) => {
    const hidden = `bind: { user: a, password: ${hiddenSecret} }\n`
    expect(keepSecret(hidden, ['bind', 'password'], before)).toBe(after)
  })
})

describe(editOptions, () => {
  test('changes, adds and takes out, and keeps comments', () => {
    const text = 'preset: openldap # ours\nbase: dc=a\nmap:\n  extension: ipPhone\n'
    const edited = editOptions(text, [
      { path: ['base'], value: 'dc=b,dc=c' },
      { path: ['map', 'extension'], value: undefined },
      { path: ['servers'], value: ['ldaps://a', 'ldaps://b'] },
      { path: ['bind', 'user'], value: 'cn=*)(uid=*' },
    ])
    expect(edited).toContain('preset: openldap # ours')
    expect(readOptions(edited, '').options).toEqual({
      preset: 'openldap',
      base: 'dc=b,dc=c',
      servers: ['ldaps://a', 'ldaps://b'],
      bind: { user: 'cn=*)(uid=*' },
    })
  })
})

describe(diffLines, () => {
  test('shows what differs with three lines around it', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`)
    const after = before.with(10, 'another')
    const lines = diffLines(before.join('\n'), after.join('\n'))
    expect(lines.map(({ kind }) => kind).join(' ')).toBe('same same same gone new same same same')
    expect(diffLines('same', 'same')).toEqual([])
  })

  test('names the gap between two places', () => {
    const before = Array.from({ length: 30 }, (_, index) => `line ${index}`)
    const after = before.with(2, 'one').with(25, 'other')
    const kinds = diffLines(before.join('\n'), after.join('\n')).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'gap')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'new')).toHaveLength(2)
  })
})
