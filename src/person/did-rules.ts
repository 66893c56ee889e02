/**
 * The company's own public numbers and the extensions behind them, written as an administrator
 * thinks of them: `+4930123456xx -> 5xx`. Each `x` is one digit; they are carried over in order.
 */
export interface DidRule {
  /** E.164 with `x` for any digit. */
  readonly did: string
  /** With as many `x`; null for a number that is ours without saying whose (`+493012340`). */
  readonly extension: string | null
}

/** A rule, or one sentence that says what is wrong with it. */
export function parseDidRule(text: string): DidRule | string {
  const [left = '', right, ...rest] = text.split('->')
  if (rest.length > 0) return `"${text}" has more than one "->"`
  const did = left.replaceAll(/[\s().\-/]/g, '').toLowerCase()
  if (!/^\+[1-9][\dx]{3,14}$/.test(did)) {
    return `"${left.trim()}" is no public number: expected + and digits, x for any digit`
  }
  if (right === undefined) return { did, extension: null }
  const extension = right.replaceAll(/\s/g, '').toLowerCase()
  if (!/^[\dx]{1,15}$/.test(extension)) {
    return `"${right.trim()}" is no extension: expected digits, x for a digit that is carried over`
  }
  if (countSlots(did) !== countSlots(extension)) {
    return `"${text}" has ${countSlots(did)} x on the left and ${countSlots(extension)} on the right`
  }
  return { did, extension }
}

/**
 * The extension behind an own public number, by the first rule that fits; null: ours, but the rule
 * says of nobody; undefined: not ours.
 */
export function extensionBehind(
  e164: string,
  rules: readonly DidRule[],
): string | null | undefined {
  for (const rule of rules) {
    const digits = slotDigits(rule.did, e164)
    if (digits === undefined) continue
    return rule.extension === null ? null : fillSlots(rule.extension, digits)
  }
  return undefined
}

/** The public number in front of an extension, unless an earlier rule gives it to another one. */
export function numberInFront(extension: string, rules: readonly DidRule[]): string | null {
  for (const rule of rules) {
    if (rule.extension === null) continue
    const digits = slotDigits(rule.extension, extension)
    if (digits === undefined) continue
    const e164 = fillSlots(rule.did, digits)
    if (rule === rules[0] || extensionBehind(e164, rules) === extension) return e164
  }
  return null
}

/**
 * Own numbers that end with these digits. Some trunks send only what differs between the own
 * numbers, so the digits must at least cover every `x` of the rule.
 */
export function numbersEndingWith(tail: string, rules: readonly DidRule[]): readonly string[] {
  const found = new Set<string>()
  for (const rule of rules) {
    const firstSlot = rule.did.indexOf('x')
    const from = rule.did.length - tail.length
    if (from < 1 || (firstSlot >= 0 && firstSlot < from)) continue
    const digits = slotDigits(rule.did.slice(from), tail)
    if (digits !== undefined) found.add(fillSlots(rule.did, digits))
  }
  return [...found]
}

/** The digits that stand where the pattern has `x`; undefined when the text does not fit. */
export function slotDigits(pattern: string, text: string): string | undefined {
  if (pattern.length !== text.length) return undefined
  let digits = ''
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] !== 'x') {
      if (pattern[at] !== text[at]) return undefined
      continue
    }
    const digit = text.charCodeAt(at)
    if (digit < 0x30 || digit > 0x39) return undefined
    digits += text[at]
  }
  return digits
}

/** The pattern with these digits where it has `x`. */
export function fillSlots(pattern: string, digits: string): string {
  let text = ''
  let next = 0
  for (const char of pattern) text += char === 'x' ? (digits[next++] ?? '') : char
  return text
}

export function countSlots(pattern: string): number {
  return pattern.split('x').length - 1
}
