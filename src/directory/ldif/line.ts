/** One attribute line, understood; or why not, with what was expected. */
export type AttributeLine =
  | { readonly name: string; readonly value: Buffer }
  | { readonly name: string | null; readonly wrong: string }

const colon = 0x3a
const lessThan = 0x3c
const space = 0x20

/** `name: text`, `name:: base64` (RFC 2849). `name:< url` is refused: a file must not name files. */
export function parseAttributeLine(bytes: Buffer): AttributeLine {
  const end = bytes.indexOf(colon)
  const name = bytes.toString('latin1', 0, Math.max(end, 0))
  if (!/^[\w.-]+(?:;[\w-]+)*$/.test(name)) {
    return {
      name: null,
      wrong: 'expected "attribute: value", "attribute:: base64" or a blank line',
    }
  }
  if (bytes.includes(0)) return { name, wrong: 'has a NUL byte; expected text or base64' }
  const sign = bytes[end + 1]
  if (sign === lessThan) return { name, wrong: 'refers to a URL, which is never followed' }
  const isBase64 = sign === colon
  let start = end + (isBase64 ? 2 : 1)
  while (bytes[start] === space) start += 1
  const value = bytes.subarray(start)
  if (!isBase64) return { name, value }
  const text = value.toString('latin1').trimEnd()
  if (text.length % 4 !== 0 || !/^[a-z0-9+/]*={0,2}$/i.test(text)) {
    return { name, wrong: 'expected base64 after "::", in groups of four characters' }
  }
  return { name, value: Buffer.from(text, 'base64') }
}
