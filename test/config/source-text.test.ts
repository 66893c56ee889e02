import { describe, expect, test } from 'vitest'
import {
  sourceNames,
  SourceNotEditable,
  sourceText,
  withSource,
} from '../../src/config/source-text.ts'

const file = `# Our telephones
site: { country: DE }   # where we are

sources:
  # Headquarters
  office:   # since 2019
    preset: openldap
    servers: [ldaps://dc1.example.org]   # one is enough
    map:
      # as agreed with personnel
      extension: ipPhone

  # The branch
  lab:
    preset: openldap
    ldif: lab.ldif

  cellar: { preset: openldap, ldif: c.ldif }
# the rest
log: info
`

describe(sourceText, () => {
  test('gives the options as they are written, comments and all', () => {
    expect(sourceText(file, 'lab')).toBe('preset: openldap\nldif: lab.ldif\n')
    expect(sourceText(file, 'office')).toContain('map:\n  # as agreed with personnel\n')
    expect(sourceText(file, 'cellar')).toBe('{ preset: openldap, ldif: c.ldif }\n')
    expect(sourceText(file, 'attic')).toBeNull()
    expect(sourceNames(file)).toEqual(['office', 'lab', 'cellar'])
  })
})

describe(withSource, () => {
  test('changes one source and leaves every other character', () => {
    const changed = withSource(file, 'lab', 'preset: openldap\n# moved\nldif: new.ldif\n')
    expect(changed).toBe(file.replace('    ldif: lab.ldif', '    # moved\n    ldif: new.ldif'))
  })

  test('puts back what it gave without any difference', () => {
    for (const name of sourceNames(file).slice(0, 2)) {
      expect(withSource(file, name, sourceText(file, name))).toBe(file)
    }
  })

  test('changes a source that is written in one line', () => {
    const changed = withSource(file, 'cellar', 'preset: openldap\nldif: d.ldif\n')
    const before = '  cellar: { preset: openldap, ldif: c.ldif }\n'
    const after = '  cellar:\n    preset: openldap\n    ldif: d.ldif\n'
    expect(changed).toBe(file.replace(before, after))
  })

  test('adds a source behind the last one', () => {
    const added = withSource(file, 'attic', 'preset: zimbra\nldif: a.ldif')
    const after = '\n  attic:\n    preset: zimbra\n    ldif: a.ldif\n# the rest'
    expect(added).toBe(file.replace('\n# the rest', after))
  })

  test('takes a source out, with the comment right above it', () => {
    const removed = withSource(file, 'lab', null)
    const gone = '  # The branch\n  lab:\n    preset: openldap\n    ldif: lab.ldif\n'
    expect(removed).toBe(file.replace(gone, ''))
  })

  test('keeps the comments of sources between braces', () => {
    const text = '# top\nsources: { a: { preset: openldap, ldif: a.ldif } } # braces\nlog: info\n'
    const changed = withSource(text, 'b', 'preset: openldap\nldif: b.ldif\n')
    expect(changed).toContain('# top')
    expect(changed).toContain('# braces')
    expect(sourceNames(changed)).toEqual(['a', 'b'])
  })

  test('keeps the line ends of Windows', () => {
    const changed = withSource(file.replaceAll('\n', '\r\n'), 'lab', 'preset: zimbra\n')
    expect(changed.replaceAll('\r\n', '')).not.toContain('\n')
    expect(sourceText(changed, 'lab')).toBe('preset: zimbra\n')
  })

  test.each([
    ['text that breaks out of its place', 'preset: openldap\n}\nlog: debug'],
    ['a second document', 'preset: openldap\n---\nlog: debug\n'],
    ['an alias to something outside', 'preset: openldap\nbind: *office\n'],
    ['a quote without end', 'preset: "openldap'],
  ])('refuses %s', (_, options) => {
    expect(() => withSource(file, 'lab', options)).toThrow(SourceNotEditable)
  })

  test('refuses a file whose other sources refer to what would go', () => {
    const text = 'sources:\n  a: &a\n    preset: openldap\n  b: *a\n'
    expect(() => withSource(text, 'a', 'preset: zimbra\n')).toThrow(SourceNotEditable)
  })
})
