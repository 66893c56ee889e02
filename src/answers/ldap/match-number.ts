import { parseDialled } from '../../person/numbers.ts'
import type { Site } from '../../person/site.ts'
import type { ContactNumber } from '../phonebook/contact.ts'
import type { Pattern } from './match-text.ts'

export interface NumberRules {
  readonly site: Site
  /** A number as somebody may dial it, in E.164; null: it is no public one. */
  readonly e164Of: (dialled: string) => string | null
}

/** For one filter, in which several attributes are compared to the same number. */
export function readNumbers(site: Site): NumberRules {
  const known = new Map<string, string | null>()
  const e164Of = (dialled: string) => {
    let e164 = known.get(dialled)
    if (e164 === undefined) known.set(dialled, (e164 = parseDialled(dialled, site).e164))
    return e164
  }
  return { site, e164Of }
}

/**
 * Whether a number fits, in whatever way phones write it: as it is dialled, in E.164 with `+` or
 * with the international prefix, nationally, with separators.
 */
export function numberMatcher(
  pattern: Pattern,
  rules: NumberRules,
): (number: ContactNumber) => boolean {
  const { initial, any, final, whole } = pattern
  if (isNone(pattern)) return () => false
  if (whole !== null) return equalMatcher(whole, rules)
  const starts = initial === null ? [''] : digitForms(initial)
  const middle = any.map(digits)
  const end = digits(final ?? '')
  return (number) =>
    writings(number, rules.site).some((writing) =>
      starts.some((start) => fits(writing, start, middle, end)),
    )
}

/** What a number that fits has among its digits, in one of these forms; no form: none fits. */
export function wordsOfNumber(
  pattern: Pattern,
  { e164Of }: NumberRules,
): readonly (readonly string[])[] {
  const { initial, any, final, whole } = pattern
  if (isNone(pattern)) return [[]]
  const clauses: (readonly string[])[] = []
  if (initial !== null) clauses.push(digitForms(initial))
  for (const part of [...any, final]) if (part !== null) clauses.push([digits(part)])
  if (whole !== null) {
    const e164 = e164Of(whole)
    const forms = [...digitForms(whole), ...(e164 === null ? [] : [e164.slice(1)])]
    // Its end is looked for, too: nothing else narrows a number down as much.
    clauses.push(forms.map((form) => form && `${form} `))
  }
  return clauses.filter((forms) => forms.every((form) => form !== ''))
}

function equalMatcher(
  whole: string,
  { site, e164Of }: NumberRules,
): (number: ContactNumber) => boolean {
  const e164 = e164Of(whole)
  const forms = digitForms(whole).filter((form) => form !== '')
  return (number) =>
    (e164 !== null && number.e164 === e164) ||
    writings(number, site).some((writing) => forms.includes(writing))
}

function fits(writing: string, start: string, middle: readonly string[], end: string): boolean {
  if (!writing.startsWith(start)) return false
  let at = start.length
  for (const part of middle) {
    const found = writing.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return writing.endsWith(end) && writing.length - end.length >= at
}

function writings({ dial, e164 }: ContactNumber, { outsidePrefix }: Site): readonly string[] {
  if (e164 === null) return [dial]
  const inside = dial.startsWith(outsidePrefix) ? dial.slice(outsidePrefix.length) : dial
  return [dial, e164.slice(1), inside]
}

function digitForms(text: string): readonly string[] {
  const plain = digits(text)
  return /^00\d{3}/.test(plain) ? [plain, plain.slice(2)] : [plain]
}

function digits(text: string): string {
  return text.replaceAll(/[^\d*#]/g, '')
}

function isNone({ initial, any, final, whole }: Pattern): boolean {
  return [initial, ...any, final, whole].some((part) => part !== null && hasLetters(part))
}

function hasLetters(text: string): boolean {
  return (
    /[^\d*#+\s()/.,-]/.test(text) || (text !== '' && digits(text) === '' && !text.includes('+'))
  )
}
