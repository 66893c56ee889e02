/**
 * Text from a directory is written by strangers. What comes out of here has no control characters,
 * no line breaks and nothing that turns the reading direction, and is no longer than asked.
 */
export interface CleanText {
  /** Trimmed, single spaces, NFC; may be empty. */
  readonly text: string
  readonly isCut: boolean
}

/** `longest` counts UTF-16 units, as `String.length` does; a character is never cut in two. */
export function cleanText(raw: string, longest: number): CleanText {
  // Nearly all values are plain already, and stay the very string that came in.
  if (raw.length <= longest && plain.test(raw)) return { text: raw, isCut: false }
  const enough = raw.length > longest * 4 ? raw.slice(0, longest * 4) : raw
  const text = enough
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(breaks, ' ')
    .replaceAll(hidden, '')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  if (text.length <= longest) return { text, isCut: enough !== raw }
  return { text: cutAt(text, longest), isCut: true }
}

/** The longest beginning that takes at most so many bytes of UTF-8; a character is never cut in two. */
export function cutToBytes(text: string, bytes: number): string {
  if (text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes) return text
  const cut = Buffer.from(text).subarray(0, bytes + 1)
  let end = bytes
  // A byte 10xxxxxx goes on with a character that began before it.
  while (end > 0 && ((cut[end] ?? 0) & 0xc0) === 0x80) end--
  return cut.toString('utf8', 0, end).trimEnd()
}

/** True when a value holds what no honest name or number does. */
export function hasControlCharacters(text: string): boolean {
  return controls.test(text)
}

function cutAt(text: string, longest: number): string {
  const last = text.charCodeAt(longest - 1)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isHalf ? longest - 1 : longest).trimEnd()
}

/** Printable ASCII and Latin letters, spaces only single and inside. */
const plain = /^[!-~\u00c0-\u024f]+(?: [!-~\u00c0-\u024f]+)*$/

/** What separates words must not glue them together when it goes. */
const breaks = /[\t\n\v\f\r\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g

/** Other controls, zero-width marks, bidi marks and overrides, tags, replacement signs. */
const hidden =
  /[\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\u{e0000}-\u{e007f}]/gu

const controls = /[\p{Cc}\u2028\u2029]/u
