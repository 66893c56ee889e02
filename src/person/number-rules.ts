import { countSlots, fillSlots, slotDigits } from './did-rules.ts'

/**
 * How a number is rewritten before it is looked up, shown or dialled, written as an administrator
 * thinks of it: `0049 -> +49` changes what a number begins with, `5xx -> +49301234 5xx` a whole
 * number whose `x` are carried over.
 */
export interface NumberRule {
  readonly from: string
  readonly to: string
}

/** A rule, or one sentence that says what is wrong with it. */
export function parseNumberRule(text: string): NumberRule | string {
  const [left = '', right, ...rest] = text.split('->').map((side) => side.replaceAll(/\s/g, ''))
  if (right === undefined || rest.length > 0) return `"${text}" is no rule: expected one "->"`
  const from = left.toLowerCase()
  const to = right.toLowerCase()
  if (!/^\+?[\dx*#]{1,20}$/.test(from) && from !== '+') {
    return `"${left}" is no beginning of a number: expected +, digits, * and #, x for any digit`
  }
  if (!/^\+?[\dx*#]{0,20}$/.test(to)) {
    return `"${right}" is no number: expected +, digits, * and #, x for a digit that is carried over`
  }
  if (countSlots(from) !== countSlots(to)) {
    return `"${text}" has ${countSlots(from)} x on the left and ${countSlots(to)} on the right`
  }
  return { from, to }
}

/** For rules that `parseNumberRule` has nothing against; others are left out. */
export function compileNumberRules(texts: readonly string[]): readonly NumberRule[] {
  return texts.map(parseNumberRule).filter((rule) => typeof rule !== 'string')
}

/** By the first rule that fits; a number that none fits stays as it is. */
export function rewriteNumber(number: string, rules: readonly NumberRule[]): string {
  for (const { from, to } of rules) {
    if (!from.includes('x')) {
      if (number.startsWith(from)) return to + number.slice(from.length)
      continue
    }
    const digits = slotDigits(from, number)
    if (digits !== undefined) return fillSlots(to, digits)
  }
  return number
}
