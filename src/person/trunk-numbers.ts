import { extensionBehind, numbersEndingWith } from './did-rules.ts'
import { readNumberText } from './number-text.ts'
import { countryPlan, internationalE164, isLikely } from './numbering-plan.ts'
import { nationalNumber } from './numbers.ts'
import type { Site } from './site.ts'

/**
 * E.164 for what a provider's trunk sends as called or calling number; null when it is no number.
 *
 * Trunks write `+4930…`, `004930…`, `4930…`, `04930…`, `030…`, `30…`, or only the end of an own
 * number. Several readings may fit; one that is an own number wins, since that is where a call that
 * came in on our trunk is most likely to go.
 */
export function parseTrunkNumber(text: string, site: Site): string | null {
  const read = readNumberText(text)
  if (typeof read === 'string' || /\D/.test(read.digits)) return null
  const { digits } = read
  if (read.plus) return internationalE164(digits)
  const readings = Array.from(readingsOf(digits, site)).filter((one) => one !== null)
  const own = readings.find((e164) => extensionBehind(e164, site.dids) !== undefined)
  if (own !== undefined) return own
  const tails = numbersEndingWith(digits, site.dids)
  if (tails.length === 1) return tails[0] ?? null
  return readings.find((e164) => isUsual(e164, site)) ?? readings[0] ?? null
}

/**
 * Every number that a trunk may mean by what it sends of a caller, the likeliest first. The end of
 * an own number is not among them: it would make a colleague of who sends three digits.
 */
export function trunkReadings(text: string, site: Site): readonly string[] {
  const read = readNumberText(text)
  if (typeof read === 'string' || /\D/.test(read.digits)) return []
  const readings = read.plus ? [internationalE164(read.digits)] : readingsOf(read.digits, site)
  const numbers = [...new Set(Array.from(readings).filter((one) => one !== null))]
  return numbers.toSorted((a, b) => Number(isUsual(b, site)) - Number(isUsual(a, site)))
}

/** Not a number of this country that its plan has not heard of. */
function isUsual(e164: string, site: Site): boolean {
  const plan = countryPlan(site.country)
  return plan === undefined || !e164.startsWith(`+${plan.callingCode}`) || isLikely(e164, plan)
}

/**
 * The ways in which a trunk may write one of our public numbers, the canonical one first; what a
 * dialplan has to expect as a called extension. Only the end of a number is not among them.
 */
export function didSpellings(e164: string, site: Site): readonly string[] {
  const digits = e164.slice(1)
  const spellings = [e164, `${site.internationalPrefix}${digits}`, digits]
  if (digits.startsWith(site.callingCode)) {
    const national = digits.slice(site.callingCode.length)
    spellings.push(`${site.trunkPrefix}${digits}`, `${site.trunkPrefix}${national}`, national)
    const { areaCode } = site
    if (areaCode !== null && national.startsWith(areaCode)) {
      spellings.push(national.slice(areaCode.length))
    }
  }
  return [...new Set(spellings)]
}

function* readingsOf(digits: string, site: Site): Generator<string | null> {
  const { internationalPrefix, trunkPrefix, callingCode } = site
  if (digits.startsWith(internationalPrefix)) {
    yield internationalE164(digits.slice(internationalPrefix.length))
  }
  const hasTrunk = trunkPrefix !== '' && digits.startsWith(trunkPrefix)
  if (hasTrunk) {
    yield nationalNumber(digits, site)
    yield withOwnCode(digits.slice(trunkPrefix.length), callingCode)
    return
  }
  yield withOwnCode(digits, callingCode)
  // A trunk that leaves the trunk prefix away keeps the area code: no local number is tried here.
  yield nationalNumber(digits, { ...site, areaCode: null })
  yield nationalNumber(digits, site)
  yield internationalE164(digits)
}

function withOwnCode(digits: string, callingCode: string): string | null {
  return digits.startsWith(callingCode) ? internationalE164(digits) : null
}
