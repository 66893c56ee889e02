/** Values of one attribute in a DN, from the entry upwards: the OUs of `cn=Ada,ou=Sales,ou=EMEA`. */
export function rdnValues(dn: string, attribute: string): readonly string[] {
  return parseDn(dn)
    .filter(([type]) => type === attribute)
    .map(([, value]) => value)
}

/** DNs of the organizational units that an entry stands in, the nearest first, below `base` only. */
export function unitsAbove(dn: string, base: string): readonly string[] {
  const rdns = rdnsOf(dn)
  const top = rdns.length - rdnsOf(base).length
  return rdns.slice(0, top).flatMap((rdn, index) => {
    return index > 0 && /^ou\s*=/i.test(rdn) ? [rdns.slice(index).join(',')] : []
  })
}

function rdnsOf(dn: string): string[] {
  return (dn.match(/(?:\\[^]|[^,\\])+/g) ?? []).map((rdn) => rdn.trim())
}

/** The first value of a DN, which is a name that people can read; other text stays as it is. */
export function nameInDn(text: string): string {
  const plain = /^[A-Za-z][A-Za-z0-9-]*=([^,+\\]*)([,+\\]|$)/.exec(text)
  if (plain === null) return text
  const [, name = '', next] = plain
  if (next !== '\\') return name.trim() === '' ? text : name.trim()
  return parseDn(text)[0]?.[1] ?? text
}

/** Type in lower case and value, unescaped (RFC 4514), most specific first. */
function parseDn(dn: string): readonly (readonly [type: string, value: string])[] {
  return splitUnescaped(dn).flatMap((rdn) => {
    const equals = rdn.indexOf('=')
    if (equals < 1) return []
    return [[rdn.slice(0, equals).trim().toLowerCase(), unescape(rdn.slice(equals + 1))] as const]
  })
}

/** At commas (and the plus of an RDN with two values) that no backslash protects. */
function splitUnescaped(dn: string): readonly string[] {
  return dn.match(/(?:\\[^]|[^,+\\])+/g) ?? []
}

function unescape(value: string): string {
  const trimmed = value.trim()
  if (!trimmed.includes('\\')) return trimmed
  // `\C3\B6` are bytes of UTF-8: neighbours are decoded together.
  return trimmed.replaceAll(/(?:\\[\da-fA-F]{2})+|\\([^])/g, (all, char?: string) =>
    char === undefined ? Buffer.from(all.replaceAll('\\', ''), 'hex').toString() : char,
  )
}
