import { describe, expect, test } from 'vitest'
import { LineReader } from '../../src/directory/ldif/lines.ts'
import { parseRecord } from '../../src/directory/ldif/record.ts'

function parse(text: string) {
  const reader = new LineReader()
  const lines = [...reader.push(Buffer.from(text)), ...reader.end()]
  const parsed = parseRecord(lines, 'company.ldif')
  if (parsed.kind !== 'entry') return parsed
  const { dn, attributes } = parsed.record
  const values = attributes.map(({ type, values }) => [type, values.join('|')])
  return { kind: parsed.kind, dn, values, problems: parsed.problems }
}

describe(parseRecord, () => {
  test('text, base64, options and an empty value', () => {
    expect(
      parse('dn: cn=Ada\ncn:Ada\ncn;lang-fr:: w4lsb8Ovc2U=\ndescription:\nURL: http://x:80\n'),
    ).toEqual({
      kind: 'entry',
      dn: 'cn=Ada',
      values: [
        ['cn', 'Ada'],
        ['cn;lang-fr', 'Éloïse'],
        ['description', ''],
        ['URL', 'http://x:80'],
      ],
      problems: [],
    })
  })

  test('a dn in base64, a version and "changetype: add" are taken', () => {
    expect(parse('version: 1\ndn:: Y249TcO8bGxlcg==\nchangetype: add\ncn: M\n')).toMatchObject({
      kind: 'entry',
      dn: 'cn=Müller',
      values: [['cn', 'M']],
      problems: [],
    })
  })

  test.each([
    ['no colon here', undefined, 'expected "attribute: value"'],
    ['bad name!: x', undefined, 'expected "attribute: value"'],
    ['cn:: not base64', 'cn', 'expected base64'],
    ['cn:: QWRh=', 'cn', 'expected base64'],
    ['jpegPhoto:< file:///etc/passwd', 'jpegphoto', 'a URL, which is never followed'],
    ['cn: A\0da', 'cn', 'NUL byte'],
  ])('the line "%s" is left out and named; the record stays', (line, attribute, words) => {
    expect(parse(`dn: cn=Ada\nsn: Lovelace\n${line}\nmail: a@b\n`)).toEqual({
      kind: 'entry',
      dn: 'cn=Ada',
      values: [
        ['sn', 'Lovelace'],
        ['mail', 'a@b'],
      ],
      problems: [
        {
          entry: 'company.ldif:3',
          ...(attribute ? { attribute } : {}),
          text: expect.stringContaining(words),
        },
      ],
    })
  })

  test.each([
    ['cn: Ada\nsn: Lovelace\n', 'company.ldif:1', 'the record has no dn'],
    ['dn:: ***\ncn: Ada\n', 'company.ldif:1', 'expected base64'],
    ['dn:: /w==\ncn: Ada\n', 'company.ldif:1', 'not UTF-8'],
    ['dn: cn=Ada\nchangetype: delete\n', 'company.ldif:1', '"changetype: delete" is not taken'],
    ['dn: cn=Ada\nchangetype: modify\nreplace: cn\ncn: A\n-\n', 'company.ldif:1', 'modify'],
  ])('a record that is no entry is refused with its place: %j', (text, entry, words) => {
    const parsed = parse(text)
    expect(parsed.kind).toBe('refused')
    expect(parsed.kind === 'refused' ? parsed.problems.at(-1) : null).toEqual({
      entry,
      text: expect.stringContaining(words),
    })
  })

  test('what ldapsearch writes below its entries is no record', () => {
    expect(parse('# search result\nsearch: 2\nresult: 4 Size limit exceeded\n')).toEqual({
      kind: 'remark',
      result: '4 Size limit exceeded',
    })
    expect(parse('# search reference\nref: ldap://x/CN=Configuration\n')).toEqual({
      kind: 'remark',
      result: null,
    })
  })
})
