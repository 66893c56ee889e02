import type { Filter } from '../ldap-wire/filter.ts'

/**
 * Parses a filter's text (RFC 4515) once into a tree that can be sent to a server
 * (`ldap/encode-filter.ts`) and asked of an entry (`ldif/matches.ts`). Throws an Error that says
 * where the filter is wrong and what was expected.
 */
export function parseFilter(text: string): Filter {
  const trimmed = text.trim()
  const cursor: Cursor = { text: trimmed.startsWith('(') ? trimmed : `(${trimmed})`, at: 0 }
  const filter = parseOne(cursor)
  skipSpace(cursor)
  if (cursor.at < cursor.text.length) throw wrong(cursor, 'nothing more after the last ")"')
  return filter
}

interface Cursor {
  readonly text: string
  at: number
}

function parseOne(cursor: Cursor): Filter {
  expect(cursor, '(')
  skipSpace(cursor)
  const sign = cursor.text[cursor.at]
  let filter: Filter
  if (sign === '&' || sign === '|') {
    cursor.at += 1
    filter = { kind: sign === '&' ? 'and' : 'or', filters: parseSeveral(cursor) }
  } else if (sign === '!') {
    cursor.at += 1
    filter = { kind: 'not', filter: parseOne(cursor) }
  } else {
    filter = parseItem(cursor)
  }
  expect(cursor, ')')
  return filter
}

function parseSeveral(cursor: Cursor): Filter[] {
  const filters: Filter[] = []
  for (;;) {
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== '(') break
    filters.push(parseOne(cursor))
  }
  if (filters.length === 0) throw wrong(cursor, '"(" of a filter')
  return filters
}

const item =
  /^(?<attribute>[\w.;-]*)(?<dn>:dn)?(?::(?<rule>[\w.-]+))?\s*(?<sign>:=|>=|<=|~=|=)(?<value>[^()]*)/i

function parseItem(cursor: Cursor): Filter {
  const found = item.exec(cursor.text.slice(cursor.at))
  const { attribute = '', dn, rule, sign, value = '' } = found?.groups ?? {}
  const isExtensible = sign === ':='
  if (!found || (!isExtensible && (attribute === '' || dn || rule))) {
    throw wrong(cursor, 'something like attribute=value')
  }
  if (isExtensible && attribute === '' && !rule) throw wrong(cursor, 'an attribute or a rule')
  const start = cursor.at + found[0].length - value.length
  cursor.at += found[0].length
  const bytes = (text: string) => unescape(text, { text: cursor.text, at: start })

  if (isExtensible) {
    return {
      kind: 'extensible',
      attribute: attribute || null,
      rule: rule ?? null,
      dnAttributes: dn !== undefined,
      value: bytes(value),
    }
  }
  if (sign === '>=') return { kind: 'greaterOrEqual', attribute, value: bytes(value) }
  if (sign === '<=') return { kind: 'lessOrEqual', attribute, value: bytes(value) }
  if (sign === '~=') return { kind: 'approx', attribute, value: bytes(value) }
  if (value.trim() === '*') return { kind: 'present', attribute }
  if (!value.includes('*')) return { kind: 'equal', attribute, value: bytes(value) }
  const parts = value.split('*')
  const [initial = '', final = ''] = [parts[0], parts.at(-1)]
  return {
    kind: 'substring',
    attribute,
    initial: initial === '' ? null : bytes(initial),
    any: parts
      .slice(1, -1)
      .filter((part) => part !== '')
      .map(bytes),
    final: final === '' ? null : bytes(final),
  }
}

/** `\c3\bc` are bytes, not characters: the value is put together as bytes. */
function unescape(text: string, where: Cursor): Buffer {
  if (!text.includes('\\')) return Buffer.from(text)
  const parts = text.split('\\').map((part, index) => {
    if (index === 0) return Buffer.from(part)
    if (!/^[\da-f]{2}/i.test(part)) {
      throw wrong(where, 'two hexadecimal digits after each "\\" (a backslash itself is "\\5c")')
    }
    return Buffer.concat([Buffer.from(part.slice(0, 2), 'hex'), Buffer.from(part.slice(2))])
  })
  return Buffer.concat(parts)
}

function expect(cursor: Cursor, sign: string): void {
  skipSpace(cursor)
  if (cursor.text[cursor.at] !== sign) throw wrong(cursor, `"${sign}"`)
  cursor.at += 1
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1
}

function wrong(cursor: Cursor, expected: string): Error {
  const rest = cursor.text.slice(cursor.at, cursor.at + 20)
  const place = rest === '' ? 'at its end' : `at "${rest}"`
  return new Error(`filter ${cursor.text}: expected ${expected} ${place}`)
}
