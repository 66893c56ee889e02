import type { Complaint } from '../complaint.ts'
import type { Entry } from '../directory/source.ts'
import { cleanText } from '../person/text.ts'
import type { ConditionOptions, ConditionsOptions } from './options.ts'
import { compileSafely, longestMatched } from './safe-regexp.ts'

/** A yes-or-no rule: the entry meets it when one of its conditions is met. */
export interface Condition {
  readonly from: string
  isMet(values: readonly string[]): boolean
}

/** What was written for `disabled` or `hidden`; what is wrong is added to the complaints. */
export function readConditions(
  options: ConditionsOptions,
  path: string,
  complaints: Complaint[],
): readonly Condition[] {
  if (options === null) return []
  if (!Array.isArray(options)) return [readCondition(options, path, complaints)]
  return options.map((one, index) => readCondition(one, `${path}[${index}]`, complaints))
}

export function isAnyMet(conditions: readonly Condition[], entry: Entry): boolean {
  for (const condition of conditions) {
    if (condition.isMet(entry.attributes.get(condition.from.toLowerCase()) ?? [])) return true
  }
  return false
}

function readCondition(
  options: string | ConditionOptions,
  path: string,
  complaints: Complaint[],
): Condition {
  if (typeof options === 'string') return { from: options, isMet: (values) => values.some(isTrue) }
  const { from, is, isNot, match } = options
  const given = [is, isNot, match].filter((one) => one !== undefined)
  if (given.length > 1) {
    complaints.push({
      path,
      problem: 'says more than one of is, isNot and match',
      example: `{ from: ${from}, is: [left, inactive] }`,
    })
  }
  if (is !== undefined) {
    const wanted = lowerCase(is)
    return { from, isMet: (values) => values.some((value) => wanted.has(plain(value))) }
  }
  if (isNot !== undefined) {
    // An absent attribute says nothing: nobody is disabled for lack of a value.
    const allowed = lowerCase(isNot)
    return {
      from,
      isMet: (values) => values.length > 0 && !values.some((value) => allowed.has(plain(value))),
    }
  }
  if (match === undefined) return { from, isMet: (values) => values.some(isTrue) }
  const expression = compileSafely(match)
  if (typeof expression === 'string') {
    complaints.push({
      path: `${path}.match`,
      problem: `"${match}": ${expression}`,
      example: '^left',
    })
    return { from, isMet: () => false }
  }
  return {
    from,
    isMet: (values) =>
      values.some((value) => expression.test(cleanText(value, longestMatched).text)),
  }
}

/** LDAP's boolean, and what people write instead. */
export function isTrue(value: string): boolean {
  return /^(?:true|yes|1|on)$/i.test(value.trim())
}

function lowerCase(values: string | readonly string[]): ReadonlySet<string> {
  return new Set((typeof values === 'string' ? [values] : values).map(plain))
}

function plain(value: string): string {
  return value.trim().toLowerCase()
}
