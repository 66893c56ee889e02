/** How the bytes of a value become text. */
export type ValueForm = 'text' | 'guid' | 'sid'

/** Attributes that hold no text in every directory that has them. Names in lower case. */
const forms: ReadonlyMap<string, ValueForm> = new Map([
  ['objectguid', 'guid'],
  ['ms-ds-consistencyguid', 'guid'],
  ['msexchmailboxguid', 'guid'],
  ['objectsid', 'sid'],
  ['sidhistory', 'sid'],
  ['tokengroups', 'sid'],
  ['msexchmasteraccountsid', 'sid'],
])

export function formOf(attribute: string): ValueForm {
  return forms.get(attribute) ?? 'text'
}

/** Longest single value that is kept, in bytes. Longer ones are pictures or mistakes. */
export const longestValue = 64 * 1024

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The value that stands there as text, or the reason why it is left out. */
export function decodeValue(
  bytes: Buffer,
  start: number,
  end: number,
  form: ValueForm,
): string | { readonly reason: string } {
  if (form === 'text') return decodeText(bytes, start, end)
  const value = bytes.subarray(start, end)
  if (form === 'guid') {
    const reason = `has ${value.length} bytes, expected a GUID of 16`
    return guidText(value) ?? asWritten(value, writtenGuid) ?? { reason }
  }
  const reason = `has ${value.length} bytes that are no SID`
  return sidText(value) ?? asWritten(value, writtenSid) ?? { reason }
}

function decodeText(
  bytes: Buffer,
  start: number,
  end: number,
): string | { readonly reason: string } {
  if (end - start > longestValue) {
    return { reason: `is ${end - start} bytes long, expected at most ${longestValue}` }
  }
  // The strict decoder is slow: it is asked only when the lenient one may have replaced something.
  const text = bytes.toString('utf8', start, end)
  if (!text.includes('\ufffd')) return text
  try {
    return utf8.decode(bytes.subarray(start, end))
  } catch {
    return { reason: 'is not UTF-8 text' }
  }
}

const writtenSid = /^S-1(?:-\d+)+$/
const writtenGuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** Files written by hand have the text already. */
function asWritten(bytes: Uint8Array, form: RegExp): string | null {
  const text = Buffer.from(bytes.subarray(0, 200)).toString().trim()
  return [text, text.toLowerCase()].find((candidate) => form.test(candidate)) ?? null
}

/** Microsoft's order: the first three groups little-endian, the rest as it stands (MS-DTYP, 2.3.4). */
export function guidText(bytes: Uint8Array): string | null {
  if (bytes.length !== 16) return null
  const hex = Buffer.from([
    ...[3, 2, 1, 0, 5, 4, 7, 6].map((index) => bytes[index] ?? 0),
    ...bytes.subarray(8),
  ]).toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}

/** The 16 bytes that `guidText` gave this text for; null for anything else. */
export function guidBytes(text: string): Buffer | null {
  if (!writtenGuid.test(text)) return null
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}

/** `S-1-5-21-…` (MS-DTYP, 2.4.2.2): revision, count, 48-bit authority, 32-bit little-endian parts. */
export function sidText(bytes: Uint8Array): string | null {
  const buffer = Buffer.from(bytes)
  if (buffer.length < 8 || buffer.length !== 8 + 4 * buffer.readUInt8(1)) return null
  const parts = [buffer.readUInt8(0), buffer.readUIntBE(2, 6)]
  for (let at = 8; at < buffer.length; at += 4) parts.push(buffer.readUInt32LE(at))
  return `S-${parts.join('-')}`
}
