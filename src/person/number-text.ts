/**
 * What stands in a text that is meant to be a telephone number: its digits, whether a `+` leads,
 * and an extension that is to be dialled after the call is answered. Knows no country.
 */
export interface NumberText {
  /** `0-9`, `*` and `#` only. */
  readonly digits: string
  readonly plus: boolean
  /** Digits in round brackets after others, as in `+33 (0)1`, and where in `digits` they begin. */
  readonly bracket: { readonly at: number; readonly digits: string } | null
  /** `99` of `+1 555 123 4567 x99`. */
  readonly suffix: string | null
}

/** The longest text that is looked at; what is longer is no telephone number. */
export const longestNumberText = 250

/** The number's parts, or why there is none, as the end of a sentence ("holds …"). */
export function readNumberText(text: string): NumberText | string {
  if (text.length > longestNumberText) return 'is too long for a telephone number'
  const plain = scan(text, null)
  if (typeof plain !== 'string' && !plain.digits.includes('#')) return plain
  const { head, suffix } = takeApart(text)
  return scan(head, suffix)
}

/** One pass over the characters: digits are kept, what only pleases the eye is dropped. */
function scan(text: string, suffix: string | null): NumberText | string {
  let digits = ''
  let plus = false
  let opened = -1
  let bracket: NumberText['bracket'] = null
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const digit = digitOf(code)
    if (digit !== null) {
      digits += digit
    } else if (code === 0x2b || code === 0xff0b) {
      if (plus || digits !== '') return 'holds a + that is not in front'
      plus = true
    } else if (code === 0x28 || code === 0xff08) {
      opened = digits.length
    } else if (code === 0x29 || code === 0xff09) {
      if (bracket === null && opened > 0 && digits.length > opened) {
        bracket = { at: opened, digits: digits.slice(opened) }
      }
      opened = -1
    } else if (code === 0x2a || code === 0x23) {
      digits += text[at]
    } else if (!isSeparator(code)) {
      return `holds "${printable(text, at)}", which is no part of a telephone number`
    }
  }
  if (digits !== '') return { digits, plus, bracket, suffix }
  // `ext. 501` alone: the extension is the number.
  if (suffix !== null && !plus) return { digits: suffix, plus, bracket, suffix: null }
  return 'holds no digits'
}

/** Zeros of the scripts whose digits directories and phones are known to hold. */
const zeros = [0x0660, 0x06f0, 0x0966, 0xff10]

function digitOf(code: number): string | null {
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? String.fromCharCode(code) : null
  const zero = zeros.find((zero) => code >= zero && code <= zero + 9)
  return zero === undefined ? null : String.fromCharCode(code - zero + 0x30)
}

function isSeparator(code: number): boolean {
  if (code < 0x80) {
    // Control characters and space, - . / [ ] ~
    return code <= 0x20 || code === 0x7f || asciiSeparators.includes(code)
  }
  return (
    (code >= 0x80 && code <= 0xa0) ||
    code === 0xad || // soft hyphen
    code === 0xb7 ||
    (code >= 0x2000 && code <= 0x2015) || // spaces, zero-width marks, hyphens and dashes
    (code >= 0x2028 && code <= 0x202f) || // line separators, bidi embedding, narrow space
    (code >= 0x205f && code <= 0x206f) ||
    code === 0x2212 || // minus
    code === 0x3000 ||
    code === 0xfeff ||
    (code >= 0xff0d && code <= 0xff0f) // full-width - . /
  )
}

const asciiSeparators = [0x2d, 0x2e, 0x2f, 0x5b, 0x5d, 0x7e]

function printable(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0xfffd)
}

/** URIs, and the many ways to write an extension behind a number. */
function takeApart(text: string): { readonly head: string; readonly suffix: string | null } {
  const plain = text.normalize('NFKC').trim()
  const inner = /<([^<>]*)>/.exec(plain)?.[1] ?? plain
  const scheme = /^(tel|sips?|callto):/i.exec(inner)
  if (scheme !== null) return fromUri(inner.slice(scheme[0].length).trim())
  if (/^[*#]/.test(inner)) return { head: inner, suffix: null }
  const ending = extensionEnding.exec(inner)
  if (ending === null || !/[\d\u0660-\u0669\u06f0-\u06f9]/.test(inner.slice(0, ending.index))) {
    return { head: ending === null || ending[1] === '#' ? inner : '', suffix: ending?.[2] ?? null }
  }
  return { head: inner.slice(0, ending.index), suffix: ending[2] ?? null }
}

/** At most six digits: longer ones after an `x` are a second number, not an extension. */
const extensionEnding =
  /[\s,;.-]*(;\s*ext|extension|extn|ext|x|#|durchwahl|nebenstelle|dw|nst|wewn|wew|poste|int)[\s.:=]*(\d{1,6})#?$/i

/** RFC 3966 (`;ext=`, `;phone-context=`), also inside a SIP URI (RFC 3261, 19.1.6). */
function fromUri(rest: string): { readonly head: string; readonly suffix: string | null } {
  const user = rest.includes('@') ? rest.slice(0, rest.indexOf('@')) : rest
  const [number = '', ...parameters] = decode(user).replace(/^\/\//, '').split(';')
  const context = parameterOf(parameters, 'phone-context')
  const isLocal = context?.startsWith('+') === true && !number.trim().startsWith('+')
  return {
    head: isLocal ? `${context}${number}` : number,
    suffix: parameterOf(parameters, 'ext')?.replaceAll(/\D/g, '').slice(0, 6) || null,
  }
}

function parameterOf(parameters: readonly string[], name: string): string | undefined {
  const found = parameters.find((one) => one.trim().toLowerCase().startsWith(`${name}=`))
  return found?.slice(found.indexOf('=') + 1).trim()
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
