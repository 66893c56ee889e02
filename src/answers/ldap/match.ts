import type { Filter, SubstringFilter, ValueFilter } from '../../ldap-wire/filter.ts'
import type { Site } from '../../person/site.ts'
import type { Contact } from '../phonebook/contact.ts'
import { findAttribute, type Attribute } from './attributes.ts'
import { numberMatcher, readNumbers, wordsOfNumber, type NumberRules } from './match-number.ts'
import { textMatcher, wordsOfText, type Pattern } from './match-text.ts'

/** A filter, ready to be asked of many. */
export interface Matcher {
  readonly fits: (contact: Contact) => boolean
  /** What whoever fits has in his searched text: one form of each of these at least. */
  readonly words: readonly (readonly string[])[]
}

export interface MatchRules {
  readonly site: Site
  /** The order of the view, for `>=` and `<=`. */
  readonly compare: (a: string, b: string) => number
}

export function compileFilter(filter: Filter, rules: MatchRules): Matcher {
  const numbers = readNumbers(rules.site)
  const test = compile(filter, { ...rules, numbers })
  return {
    fits: (contact) => test(contact) === true,
    words: wordsOf(filter, numbers).slice(0, mostWords),
  }
}

interface Rules extends MatchRules {
  readonly numbers: NumberRules
}

/** More would not find fewer. */
const mostWords = 8

/** Null is LDAP's Undefined: neither it nor its opposite fits (RFC 4511, 4.5.1.7). */
type Test = (contact: Contact) => boolean | null

function compile(filter: Filter, rules: Rules): Test {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.filters.map((each) => compile(each, rules)))
    case 'or':
      return anyOf(filter.filters.map((each) => compile(each, rules)))
    case 'not': {
      const test = compile(filter.filter, rules)
      return (contact) => opposite(test(contact))
    }
    case 'extensible':
      return unknown
  }
  const attribute = findAttribute(filter.attribute)
  if (!attribute) return unlisted(filter)
  const { kind, values } = attribute
  if (filter.kind === 'present') return (contact) => values(contact).length > 0
  if (filter.kind === 'greaterOrEqual' || filter.kind === 'lessOrEqual') {
    return orderTest(attribute, filter, rules)
  }
  const pattern = patternOf(filter)
  switch (kind) {
    case 'plain':
      return plainTest(attribute, pattern)
    case 'text':
      return textTest(attribute, pattern)
    case 'number':
      return numberTest(attribute, pattern, rules.numbers)
  }
}

const unknown: Test = () => null

/** Active Directory's templates ask for `(objectCategory=person)`. */
function unlisted(filter: Extract<Filter, { attribute: string }>): Test {
  const isCategory = filter.attribute.toLowerCase() === 'objectcategory'
  if (!isCategory || filter.kind !== 'equal') return unknown
  const isPerson = /^(?:cn=)?person(?:,|$)/i.test(filter.value.toString())
  return () => isPerson
}

function allOf(tests: readonly Test[]): Test {
  return (contact) => {
    let all: boolean | null = true
    for (const test of tests) {
      const one = test(contact)
      if (one === false) return false
      if (one === null) all = null
    }
    return all
  }
}

function anyOf(tests: readonly Test[]): Test {
  return (contact) => {
    let any: boolean | null = false
    for (const test of tests) {
      const one = test(contact)
      if (one === true) return true
      if (one === null) any = null
    }
    return any
  }
}

function opposite(value: boolean | null): boolean | null {
  return value === null ? null : !value
}

function patternOf(filter: SubstringFilter | ValueFilter): Pattern {
  if (filter.kind === 'substring') {
    const { initial, any, final } = filter
    return {
      initial: initial && initial.toString(),
      any: any.map(String),
      final: final && final.toString(),
      whole: null,
    }
  }
  const value = filter.value.toString()
  const empty = { initial: null, any: [], final: null, whole: null }
  return filter.kind === 'equal' ? { ...empty, whole: value } : { ...empty, any: [value] }
}

function plainTest({ values, alsoSearched }: Attribute, { whole }: Pattern): Test {
  if (whole === null) return () => false
  const wanted = whole.toLowerCase()
  return (contact) =>
    [...values(contact), ...(alsoSearched?.(contact) ?? [])].some(
      (value) => value.toLowerCase() === wanted,
    )
}

function textTest({ values, alsoSearched }: Attribute, pattern: Pattern): Test {
  const fits = textMatcher(pattern)
  return (contact) => values(contact).some(fits) || (alsoSearched?.(contact).some(fits) ?? false)
}

function numberTest({ numbers }: Attribute, pattern: Pattern, rules: NumberRules): Test {
  const fits = numberMatcher(pattern, rules)
  return (contact) =>
    contact.numbers.some((number) => numbers?.has(number.kind) === true && fits(number))
}

function orderTest(
  { kind, values }: Attribute,
  { kind: order, value }: ValueFilter,
  { compare }: MatchRules,
): Test {
  const limit = value.toString()
  const sign = order === 'greaterOrEqual' ? 1 : -1
  const byText = kind === 'text' ? compare : (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return (contact) => values(contact).some((each) => byText(each, limit) * sign >= 0)
}

/** Clauses of which whoever fits has one form each; none: nothing is certain. */
function wordsOf(filter: Filter, numbers: NumberRules): readonly (readonly string[])[] {
  switch (filter.kind) {
    case 'and':
      return filter.filters.flatMap((each) => wordsOf(each, numbers))
    case 'or':
      return either(filter.filters.map((each) => wordsOf(each, numbers)))
    case 'equal':
    case 'approx':
    case 'substring': {
      const attribute = findAttribute(filter.attribute)
      // Only the part of an address before the `@` is searched.
      if (!attribute || attribute.kind === 'plain' || attribute.name === 'mail') return []
      const pattern = patternOf(filter)
      return attribute.kind === 'text' ? wordsOfText(pattern) : wordsOfNumber(pattern, numbers)
    }
    default:
      return []
  }
}

/** Of each branch its longest clause; together they are one clause. */
function either(
  branches: readonly (readonly (readonly string[])[])[],
): readonly (readonly string[])[] {
  const forms = new Set<string>()
  for (const clauses of branches) {
    const [best] = clauses.toSorted((a, b) => shortest(b) - shortest(a))
    if (!best) return []
    for (const form of best) forms.add(form)
  }
  return [[...forms]]
}

function shortest(forms: readonly string[]): number {
  return Math.min(...forms.map((form) => form.length))
}
