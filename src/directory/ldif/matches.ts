import type { RawEntry } from '../entry.ts'
import type { Filter } from '../../ldap-wire/filter.ts'
import { normaliseDn } from './distinguished-name.ts'

/** What a server would say to the filter for this record (RFC 4511, 4.5.1.7). */
export function matches(filter: Filter, record: RawEntry): boolean {
  return evaluate(filter, record) === true
}

/** Null is LDAP's "undefined": a rule that is not known here matches neither way. */
type Truth = boolean | null

function evaluate(filter: Filter, record: RawEntry): Truth {
  switch (filter.kind) {
    case 'and':
      return conjunction(filter.filters.map((each) => evaluate(each, record)))
    case 'or':
      return negated(conjunction(filter.filters.map((each) => negated(evaluate(each, record)))))
    case 'not':
      return negated(evaluate(filter.filter, record))
    case 'present':
      return valuesOf(record, filter.attribute).length > 0
    case 'equal':
    case 'approx':
      return some(record, filter.attribute, (value) =>
        isEqual(value, filter.value, filter.attribute.toLowerCase()),
      )
    case 'greaterOrEqual':
      return some(record, filter.attribute, (value) => compare(value, filter.value) >= 0)
    case 'lessOrEqual':
      return some(record, filter.attribute, (value) => compare(value, filter.value) <= 0)
    case 'substring':
      return some(record, filter.attribute, (value) => hasParts(text(value), filter))
    case 'extensible':
      return evaluateRule(filter, record)
  }
}

function conjunction(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(null) ? null : true
}

function negated(truth: Truth): Truth {
  return truth === null ? null : !truth
}

/** Matching rules of Active Directory (MS-ADTS, 3.1.1.3.4.4) and of RFC 4517. */
function evaluateRule(filter: Filter & { kind: 'extensible' }, record: RawEntry): Truth {
  if (filter.attribute === null || filter.dnAttributes) return null
  const check = (fits: (value: Buffer) => boolean) => some(record, filter.attribute ?? '', fits)
  switch (filter.rule) {
    case '1.2.840.113556.1.4.803':
      return withBits(filter.value, (mask) => check((value) => (bits(value) & mask) === mask))
    case '1.2.840.113556.1.4.804':
      return withBits(filter.value, (mask) => check((value) => (bits(value) & mask) !== 0n))
    case '2.5.13.5':
    case 'caseExactMatch':
      return check((value) => value.equals(filter.value))
    case null:
    case '2.5.13.2':
    case 'caseIgnoreMatch':
      return check((value) => isEqual(value, filter.value, ''))
    default:
      return null
  }
}

function withBits(value: Buffer, check: (mask: bigint) => boolean): Truth {
  return /^-?\d+$/.test(value.toString()) ? check(bits(value)) : null
}

function bits(value: Buffer): bigint {
  const digits = value.toString()
  return /^-?\d+$/.test(digits) ? BigInt(digits) : 0n
}

function isEqual(value: Buffer, wanted: Buffer, attribute: string): boolean {
  if (value.equals(wanted) || text(value) === text(wanted)) return true
  // Active Directory takes "person" for "CN=Person,CN=Schema,…".
  if (attribute === 'objectcategory' && !wanted.includes('=')) {
    return text(value).startsWith(`cn=${text(wanted)},`)
  }
  return wanted.includes('=') && normaliseDn(text(value)) === normaliseDn(text(wanted))
}

/** Numbers by their value, everything else (times too) letter by letter. */
function compare(value: Buffer, wanted: Buffer): number {
  const [left, right] = [text(value), text(wanted)]
  if (/^-?\d+$/.test(left) && /^-?\d+$/.test(right)) {
    return Number(BigInt(left) - BigInt(right))
  }
  return left < right ? -1 : left > right ? 1 : 0
}

function hasParts(value: string, filter: Filter & { kind: 'substring' }): boolean {
  const initial = filter.initial ? text(filter.initial) : ''
  const final = filter.final ? text(filter.final) : ''
  if (!value.startsWith(initial)) return false
  let at = initial.length
  for (const part of filter.any) {
    const wanted = text(part)
    const found = value.indexOf(wanted, at)
    if (found === -1) return false
    at = found + wanted.length
  }
  return value.endsWith(final) && value.length - final.length >= at
}

function text(value: Buffer): string {
  return value.toString().toLowerCase().replaceAll(/\s+/g, ' ')
}

function some(record: RawEntry, attribute: string, fits: (value: Buffer) => boolean): boolean {
  return valuesOf(record, attribute).some(fits)
}

function valuesOf(record: RawEntry, attribute: string): Buffer[] {
  const wanted = attribute.toLowerCase()
  // A filter that asks for "cn" means "cn;lang-en", too (RFC 4512, 2.5).
  return record.attributes
    .filter(({ type }) => type.toLowerCase() === wanted || withoutOptions(type) === wanted)
    .flatMap(({ values }) => values)
}

function withoutOptions(type: string): string {
  return type.toLowerCase().replace(/;.*/, '')
}
