import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import metadata from 'libphonenumber-js/min/metadata'

/**
 * What the numbering plans of the world say about lengths and prefixes, taken from libphonenumber's
 * `min` metadata. `max` would add only types (mobile, premium rate), which nobody here asks for.
 *
 * A number is accepted when it is *possible* (its length fits), not when it is *valid*: directories
 * hold numbers of ranges that the metadata has not heard of, and numbers of films (`555 0100`).
 *
 * libphonenumber takes about 10 µs a number. The plain shapes are decided here from the same
 * metadata in a fraction of that; whatever is unusual goes to libphonenumber itself.
 */
export interface NumberingPlan {
  readonly callingCode: string
  /** Written before a national number at home (`0`, `1`, `06`); empty where there is none. */
  readonly trunkPrefix: string
  readonly internationalPrefix: string
  /** Lengths of a national number that every country with this calling code accepts. */
  readonly lengths: ReadonlySet<number>
  /** What national digits must not begin with, since it leads abroad. */
  readonly abroad: RegExp
  /** Many lengths: whether a number has its area code cannot be told by counting (Germany, Austria). */
  readonly isOpen: boolean
  /** A whole national number, without the trunk prefix. */
  readonly national: RegExp
  /** What libphonenumber would cut from the front, if it finds it there. */
  readonly cutAtFront: RegExp | null
  /** Prefixes that `cutAtFront` stands for when it only cuts; null when it also rewrites. */
  readonly prefixes: readonly string[] | null
}

/** Undefined when there is no such country (ISO 3166, two capital letters). */
export function countryPlan(country: string): NumberingPlan | undefined {
  const known = plans.get(country)
  if (known !== undefined) return known
  const row = countryRow(country)
  return row === undefined ? undefined : remember(country, readPlan(row))
}

/** `+` and digits, or null when no country has such a number. `digits` begin with a calling code. */
export function internationalE164(digits: string): string | null {
  const plan = callingCodePlan(digits)
  if (plan !== undefined) {
    const national = digits.slice(plan.callingCode.length)
    if (plan.lengths.has(national.length) && !plan.cutAtFront?.test(national)) return `+${digits}`
  }
  return askLibphonenumber(`+${digits}`, undefined)
}

/** The same for a number as it is written inside the country, with or without its trunk prefix. */
export function nationalE164(digits: string, country: string): string | null {
  const plan = countryPlan(country)
  if (plan === undefined) return null
  if (plan.prefixes !== null && !plan.abroad.test(digits)) {
    const prefix = plan.prefixes.find((one) => digits.startsWith(one)) ?? ''
    const national = digits.slice(prefix.length)
    if (plan.lengths.has(national.length) && plan.national.test(national)) {
      return `+${plan.callingCode}${national}`
    }
  }
  return askLibphonenumber(digits, country)
}

/** A number that the plan knows, and no longer than any that is given to people. */
export function isLikely(e164: string, plan: NumberingPlan): boolean {
  const national = e164.slice(1 + plan.callingCode.length)
  return national.length <= longestGiven && plan.national.test(national)
}

/** German numbers of up to 15 digits are possible, but given out are at most 11 (Bundesnetzagentur). */
const longestGiven = 11

/** The slow way, for all that the tables do not decide. */
export function askLibphonenumber(digits: string, country: string | undefined): string | null {
  // `as`: `countryPlan` has already refused what is no country of the same metadata.
  const number = parsePhoneNumberFromString(digits, country as CountryCode | undefined)
  return number?.isPossible() === true ? number.number : null
}

/** The plan whose calling code these digits begin with. */
export function callingCodePlan(digits: string): NumberingPlan | undefined {
  for (let length = 1; length <= 3; length += 1) {
    const code = digits.slice(0, length)
    const known = plans.get(code)
    if (known !== undefined) return known
    const row = countryRow(metadata.country_calling_codes[code]?.[0])
    if (row !== undefined) return remember(code, readPlan(row))
  }
  return undefined
}

/** Filled on demand; there are some 250 countries and 210 calling codes, so it stays small. */
const plans = new Map<string, NumberingPlan>()

function remember(key: string, plan: NumberingPlan): NumberingPlan {
  plans.set(key, plan)
  return plan
}

type Row = readonly unknown[]

function countryRow(country: string | undefined): Row | undefined {
  const countries: Readonly<Record<string, Row | undefined>> = metadata.countries
  return country !== undefined && Object.hasOwn(countries, country) ? countries[country] : undefined
}

/** Columns of libphonenumber-js's metadata, format 4 (its METADATA.md and `source/metadata.js`). */
function readPlan(row: Row): NumberingPlan {
  const callingCode = String(row[0])
  const trunkPrefix = textOf(row[5])
  const cutAtFront = textOf(row[7]) || trunkPrefix
  const sharing = metadata.country_calling_codes[callingCode] ?? []
  return {
    callingCode,
    trunkPrefix,
    internationalPrefix: internationalPrefix(textOf(row[1]), textOf(row[12])),
    abroad: new RegExp(`^(?:${textOf(row[1]) || '00'})`),
    lengths: commonLengths(sharing),
    isOpen: lengthsOf(row).length > 5,
    national: new RegExp(`^(?:${textOf(row[2])})$`),
    cutAtFront: cutAtFront === '' ? null : new RegExp(`^(?:${cutAtFront})`),
    prefixes: plainPrefixes(cutAtFront),
  }
}

function textOf(cell: unknown): string {
  return typeof cell === 'string' ? cell : ''
}

function lengthsOf(row: Row): readonly number[] {
  const cell = row[3]
  return Array.isArray(cell) ? cell.map(Number) : []
}

function commonLengths(countries: readonly string[]): ReadonlySet<number> {
  const sets = countries.map((country) => new Set(lengthsOf(countryRow(country) ?? [])))
  return sets.reduce((all, some) => all.intersection(some), sets[0] ?? new Set<number>())
}

/** `8~10` (Russia) is dialled 810; where several carriers have one each (Brazil), 00 stands for all. */
function internationalPrefix(pattern: string, preferred: string): string {
  if (/^\d+$/.test(pattern)) return pattern
  const plain = preferred.replace('~', '')
  return /^\d+$/.test(plain) ? plain : '00'
}

/** `0` and `0|180020` only cut; anything with brackets may rewrite and is left to libphonenumber. */
function plainPrefixes(pattern: string): readonly string[] | null {
  if (pattern === '') return []
  return /^\d+(\|\d+)*$/.test(pattern) ? pattern.split('|') : null
}
