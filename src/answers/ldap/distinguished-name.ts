/** `OU=staff, dc=peerage` as `ou=staff` and `dc=peerage`: types in small letters. Null: it is none. */
export function readDn(text: string): readonly string[] | null {
  if (text.trim() === '') return []
  const parts: string[] = []
  // A comma or an equals sign after a backslash belongs to the value (RFC 4514, 2.4).
  for (const [whole] of text.matchAll(/(?:\\[^]|[^\\,;])+/g)) {
    const found = /^\s*([\w.-]+)\s*=\s*([^]*?)\s*$/.exec(whole)
    if (!found) return null
    const [, type = '', value = ''] = found
    parts.push(`${type.toLowerCase()}=${unescape(value)}`)
  }
  return parts
}

/** One value in a DN. */
export function escapeDnValue(value: string): string {
  return value
    .replaceAll(/[\\,;+"<>=\0]/g, (sign) => (sign === '\0' ? '\\00' : `\\${sign}`))
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
}

function unescape(value: string): string {
  const bytes = value.replaceAll(/(?:\\[\da-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('\\', ''), 'hex').toString('utf8'),
  )
  return bytes.replaceAll(/\\([^])/g, '$1')
}
