import { publicNumberOf } from '../person/numbers.ts'
import type { NumberKind, PersonNumber } from '../person/person.ts'
import { cleanText } from '../person/text.ts'
import { few, type Origin } from './compile-rule.ts'
import type { Draft } from './draft.ts'

/** A kind of number and where it comes from. */
export interface NumberRule {
  readonly kind: NumberKind
  readonly origins: readonly Origin[]
}

/**
 * Every number of the person, in the order of the rules, each once. The own extension is not among
 * them. A number that was not understood stays as text, since people can still read it.
 */
export function readNumbers(
  rules: readonly NumberRule[],
  extension: string | null,
  draft: Draft,
): readonly PersonNumber[] {
  const numbers: PersonNumber[] = []
  for (const { kind, origins } of rules) {
    for (const origin of origins) {
      const before = numbers.length
      for (const raw of few(origin.read(draft), mostNumbers)) {
        const number = numberOf(raw, kind, origin, extension, draft)
        if (number === null || numbers.some((other) => isSame(other, number))) continue
        if (numbers.length < mostNumbers) numbers.push(number)
        if (origin.values === 'first') break
      }
      if (origin.values === 'first' && numbers.length > before) break
    }
  }
  return numbers.length === 0 ? none : numbers
}

function numberOf(
  raw: string,
  kind: NumberKind,
  origin: Origin,
  extension: string | null,
  draft: Draft,
): PersonNumber | null {
  const { text } = cleanText(raw, longestNumber)
  if (text === '') return null
  const parsed = draft.parse(text)
  if (parsed.e164 !== null) return { kind, e164: parsed.e164, text }
  if (parsed.extension !== null) {
    if (parsed.extension === extension) return null
    return { kind, e164: publicNumberOf(parsed.extension, draft.site), text }
  }
  if (parsed.reason !== null) draft.problem(origin.attribute, parsed.reason)
  return /\d/.test(text) ? { kind, e164: null, text } : null
}

function isSame(one: PersonNumber, other: PersonNumber): boolean {
  if (one.kind !== other.kind) return false
  return one.e164 === null ? one.text === other.text : one.e164 === other.e164
}

const longestNumber = 100
const mostNumbers = 50

const none: readonly never[] = Object.freeze([])
