import { rewriteNumber, type NumberRule } from '../../person/number-rules.ts'
import { longestNumberText, readNumberText } from '../../person/number-text.ts'
import { parseDialled } from '../../person/numbers.ts'
import type { Site } from '../../person/site.ts'
import { cleanText } from '../../person/text.ts'
import { trunkReadings } from '../../person/trunk-numbers.ts'

/** What a trunk or a telephone said the caller's number is, and what it may mean. */
export interface SentNumber {
  /** As it came, without what could do harm. */
  readonly text: string
  /** Whether the caller does not want to be known. */
  readonly isWithheld: boolean
  /** After the trunk's rules: digits, `+` in front if there was one; empty when it is no number. */
  readonly digits: string
  /** Public numbers that may be meant, E.164, the likeliest first. */
  readonly readings: readonly string[]
}

/** Never throws, whatever was sent. */
export function readSentNumber(raw: string, site: Site, rules: readonly NumberRule[]): SentNumber {
  const { text } = cleanText(raw.slice(0, 4 * longestNumberText), longestNumberText)
  if (raw.trim() === '' || isAnonymous(text))
    return { text, isWithheld: true, digits: '', readings: [] }
  const read = raw.length > longestNumberText ? 'too long' : readNumberText(text)
  if (typeof read === 'string') return { text, isWithheld: false, digits: '', readings: [] }
  const sent = `${read.plus ? '+' : ''}${read.digits}`
  const digits = rewriteNumber(sent, rules)
  // The text says more than its digits (brackets, `;ext=`), as long as no rule changed them.
  const meant = digits === sent ? text : digits
  return { text, isWithheld: false, digits, readings: readingsOf(meant, site) }
}

function readingsOf(text: string, site: Site): readonly string[] {
  const readings = trunkReadings(text, site)
  // A telephone's own list of calls keeps the outside prefix.
  const { e164 } = parseDialled(text, site)
  return e164 === null || readings.includes(e164) ? readings : [...readings, e164]
}

function isAnonymous(text: string): boolean {
  const user = /^(?:.*<)?(?:sips?:|tel:)?([^@<>;]*)/i.exec(text)?.[1] ?? ''
  return /^"?(?:anonymous|unknown|unavailable|restricted|private|withheld)"?$/i.test(user.trim())
}
