import { extensionBehind, numberInFront } from './did-rules.ts'
import { readNumberText, type NumberText } from './number-text.ts'
import {
  callingCodePlan,
  countryPlan,
  internationalE164,
  isLikely,
  nationalE164,
} from './numbering-plan.ts'
import type { Site } from './site.ts'

/**
 * A number as the site understands it. `reason` is null exactly when one of `e164`, `extension`
 * and `service` is not.
 */
export interface ParsedNumber {
  /** Public number, `+` and digits. */
  readonly e164: string | null
  /** The internal number: a short one, or what the site's DID rules put behind a public one. */
  readonly extension: string | null
  /** To be dialled after the answer: `99` of `+1 555 123 4567 x99`. */
  readonly suffix: string | null
  /** Dialled as it is: emergency and short numbers, feature codes (`*98`). */
  readonly service: string | null
  /** The digits as they were read, `+` in front if there was one; empty when there were none. */
  readonly digits: string
  /** Why the number was not understood, as one sentence. */
  readonly reason: string | null
}

/** Reads a number as directories, phone books and telephones write it. Never throws. */
export function parseNumber(text: string, site: Site): ParsedNumber {
  const read = readNumberText(text)
  if (typeof read === 'string') return notUnderstood('', text, read)
  const { digits, suffix } = read
  if (read.plus) {
    const e164 = internationalWithBracket(digits, read.bracket)
    if (e164 !== null) return publicNumber(e164, suffix, `+${digits}`, site)
    return notUnderstood(`+${digits}`, text, 'is no number of any country: unknown code or length')
  }
  if (isService(digits, site)) return { ...nothing, service: digits, suffix, digits }
  if (isExtension(digits, site)) return { ...nothing, extension: digits, suffix, digits }
  if (/\D/.test(digits)) return notUnderstood(digits, text, 'has * or # among its digits')
  const e164 = readDomestic(read, site)
  if (e164 !== null) return publicNumber(e164, suffix, digits, site)
  return notUnderstood(digits, text, reasonFor(digits, site))
}

/** The same for what a telephone dialled: there the outside prefix comes first. */
export function parseDialled(text: string, site: Site): ParsedNumber {
  const plain = parseNumber(text, site)
  const { outsidePrefix } = site
  const { digits } = plain
  if (plain.service !== null || digits.startsWith('+') || !digits.startsWith(outsidePrefix)) {
    return plain
  }
  if (plain.extension !== null && plain.e164 === null) return plain
  const rest = digits.slice(outsidePrefix.length)
  if (isService(rest, site)) return { ...nothing, service: rest, digits }
  const e164 = outsideNumber(rest, site)
  return e164 === null ? plain : publicNumber(e164, plain.suffix, digits, site)
}

/**
 * How a telephone of the site dials a number. Own numbers become extensions; what is not E.164
 * (extensions, feature codes, emergency numbers) stays as it is.
 */
export function dialNumber(number: string, site: Site): string {
  if (!number.startsWith('+')) return number
  const extension = extensionBehind(number, site.dids)
  if (typeof extension === 'string') return extension
  const digits = number.slice(1)
  return digits.startsWith(site.callingCode)
    ? `${site.outsidePrefix}${site.trunkPrefix}${digits.slice(site.callingCode.length)}`
    : `${site.outsidePrefix}${site.internationalPrefix}${digits}`
}

/** The public number of an extension by the site's DID rules. */
export function publicNumberOf(extension: string, site: Site): string | null {
  return numberInFront(extension, site.dids)
}

/** True for emergency and short numbers and for feature codes: nobody's extension. */
export function isService(digits: string, site: Site): boolean {
  return site.services.has(digits) || /^[*#][\d*#]{1,19}$/.test(digits)
}

/** A number of the right length that does not begin with what leads outside. */
export function isExtension(digits: string, site: Site): boolean {
  if (digits.length < site.shortestExtension || digits.length > site.longestExtension) return false
  if (!/^\d+$/.test(digits)) return false
  if (site.outsidePrefix !== '' && digits.startsWith(site.outsidePrefix)) return false
  return !(site.trunkPrefix === '0' && digits.startsWith('0'))
}

/** A number of the country, with or without trunk prefix and area code; null when it is none. */
export function nationalNumber(digits: string, site: Site): string | null {
  const plan = countryPlan(site.country)
  if (plan === undefined) return null
  const { areaCode, trunkPrefix } = site
  if (trunkPrefix !== '' && digits.startsWith(trunkPrefix)) {
    const written = trunkPrefix === plan.trunkPrefix ? digits : digits.slice(trunkPrefix.length)
    const e164 = nationalE164(written, site.country)
    if (e164 !== null) return e164
  }
  if (areaCode !== null && (plan.isOpen || !plan.lengths.has(digits.length))) {
    if (digits.startsWith('0') || digits.length < 3) return null
    return plan.lengths.has(areaCode.length + digits.length)
      ? `+${plan.callingCode}${areaCode}${digits}`
      : null
  }
  // Without trunk prefix and area code, an open plan takes nearly every digits for a number.
  if (plan.isOpen && trunkPrefix !== '' && !(digits.length >= 7 && plan.national.test(digits))) {
    return null
  }
  return nationalE164(digits, site.country)
}

function readDomestic(read: NumberText, site: Site): string | null {
  const { digits } = read
  const { internationalPrefix, outsidePrefix } = site
  const abroad = afterInternationalPrefix(read, internationalPrefix)
  if (abroad !== null) return abroad
  const national = nationalNumber(digits, site)
  const plan = countryPlan(site.country)
  if (national !== null && plan !== undefined && isLikely(national, plan)) return national
  for (const prefix of ['00', '011']) {
    const foreign = prefix === internationalPrefix ? null : afterInternationalPrefix(read, prefix)
    if (foreign !== null) return foreign
  }
  const dialled =
    outsidePrefix !== '' && digits.startsWith(outsidePrefix)
      ? outsideNumber(digits.slice(outsidePrefix.length), site)
      : null
  return dialled ?? national
}

/** What follows the outside prefix: never a local number without anything in front by guess. */
function outsideNumber(rest: string, site: Site): string | null {
  if (/\D/.test(rest)) return null
  if (rest.startsWith(site.internationalPrefix)) {
    const abroad = internationalE164(rest.slice(site.internationalPrefix.length))
    if (abroad !== null) return abroad
  }
  return rest.length > site.longestExtension ? nationalNumber(rest, site) : null
}

function afterInternationalPrefix(read: NumberText, prefix: string): string | null {
  if (prefix === '' || !read.digits.startsWith(prefix)) return null
  const { bracket } = read
  const cut = prefix.length
  return internationalWithBracket(
    read.digits.slice(cut),
    bracket === null || bracket.at <= cut ? null : { ...bracket, at: bracket.at - cut },
  )
}

/**
 * `+33 (0)1 23…`: the bracket holds the trunk prefix, which is not dialled from abroad. Nothing
 * else in brackets is dropped (`+1 (555) 123-4567`), and not the zero that Italy keeps.
 */
function internationalWithBracket(digits: string, bracket: NumberText['bracket']): string | null {
  if (bracket === null || bracket.digits.length > 2) return internationalE164(digits)
  const without = digits.slice(0, bracket.at) + digits.slice(bracket.at + bracket.digits.length)
  const plan = callingCodePlan(digits)
  if (plan === undefined || plan.callingCode.length !== bracket.at) return internationalE164(digits)
  if (plan.trunkPrefix === bracket.digits) return internationalE164(without)
  // Countries that gave up their trunk prefix (Poland, Spain): the old habit of writing it lives on.
  const whole = internationalE164(digits)
  if (bracket.digits !== '0' || (whole !== null && isLikely(whole, plan))) return whole
  return internationalE164(without) ?? whole
}

function publicNumber(
  e164: string,
  suffix: string | null,
  digits: string,
  site: Site,
): ParsedNumber {
  const behind = extensionBehind(e164, site.dids)
  // Our own main number with an extension behind it says where to go inside.
  const isInside = behind !== undefined && suffix !== null && isExtension(suffix, site)
  return {
    e164,
    extension: isInside ? suffix : (behind ?? null),
    suffix,
    service: null,
    digits,
    reason: null,
  }
}

const nothing: ParsedNumber = {
  e164: null,
  extension: null,
  suffix: null,
  service: null,
  digits: '',
  reason: null,
}

function notUnderstood(digits: string, text: string, why: string): ParsedNumber {
  // What is quoted in a report must not bring its own line breaks.
  const shown = text.slice(0, 40).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
  return { ...nothing, digits, reason: `"${shown}" ${why}` }
}

function reasonFor(digits: string, site: Site): string {
  if (digits.length < site.shortestExtension) {
    return `is too short for an extension (${site.shortestExtension} digits and more)`
  }
  const lacksArea = site.areaCode === null && !digits.startsWith(site.trunkPrefix || '+')
  const hint = lacksArea ? '; local numbers need site.areaCode' : ''
  return `is neither an extension nor a number in ${site.country}${hint}`
}
