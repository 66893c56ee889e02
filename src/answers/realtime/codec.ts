/**
 * The text form of res_config_curl. Both ways are percent-encoded and a `+` is a plus, never a
 * space (res_config_curl.c encodes with ast_uri_http and decodes with ast_uri_http_legacy off).
 */

/** Fields in their order; a field may stand twice (`set_var`). Empty values are left out. */
export type Fields = readonly (readonly [field: string, value: string])[]

/** One line with its end. Asterisk takes an empty value for "reset to the default". */
export function encodeFields(fields: Fields): string {
  const pairs: string[] = []
  for (const [field, value] of fields) {
    const text = encodeValue(value)
    if (text !== '') pairs.push(`${field}=${text}`)
  }
  // Joined, not added up: lines are kept, and a string that was added up keeps all its parts.
  return `${pairs.join('&')}\r\n`
}

function encodeValue(value: string): string {
  return plain.test(value) ? value : encodeURIComponent(cleanValue(value))
}

// Most values need neither cleaning nor escaping, and this is the hottest place there is.
const plain = /^[\w.~*'()-]*$/

/**
 * `a=1&b=2` as sent in bodies and query strings. Takes what res_config_curl really sends: a
 * trailing `&` (destroy), a leading one (update2), broken escapes as they are.
 */
export function decodePairs(text: string): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    if (equals === -1) pairs.push([decode(pair), ''])
    else pairs.push([decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))])
  }
  return pairs
}

// A decoded NUL cuts the value in Asterisk, a line break ends up in headers and dialplan variables.
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g

function cleanValue(value: string): string {
  return value.toWellFormed().replace(control, ' ').trim()
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not an escape, so what it looks like is what was meant
  }
}
