import type { Person } from '../../person/person.ts'
import { callingCodePlan } from '../../person/numbering-plan.ts'

/** A number that may be the main number of the company whose extension calls. */
export interface MainNumber {
  readonly e164: string
  /** Whether only a number counts that is written with its zero apart: `+49 89 1234-0`. */
  readonly wantsZero: boolean
}

/**
 * The numbers in front of `e164` that would be a company's main number, the longest first. Only in
 * countries whose numbers have no fixed length (Germany, Austria): elsewhere a number that is
 * shorter is no number, and one that ends in 0 is a neighbour.
 */
export function mainNumbersOf(e164: string, mostDigits: number): readonly MainNumber[] {
  const plan = callingCodePlan(e164.slice(1))
  if (plan === undefined || !plan.isOpen) return []
  const found: MainNumber[] = []
  for (let cut = 1; cut <= mostDigits; cut += 1) {
    const front = e164.slice(0, -cut)
    if (front.length - 1 - plan.callingCode.length < shortestMain) break
    found.push({ e164: front, wantsZero: false }, { e164: `${front}0`, wantsZero: true })
  }
  return found.filter((main) => main.e164 !== e164)
}

/** Area code and number together; anything shorter would be a whole town. */
const shortestMain = 5

/** The company, when this is its main number. */
export function companyAt(person: Person, { e164, wantsZero }: MainNumber): string | null {
  const number = person.numbers.find((one) => one.kind === 'work' && one.e164 === e164)
  if (number === undefined || (wantsZero && !/[\s./)\u2010-\u2015-]0$/.test(number.text)))
    return null
  return person.details.company ?? null
}
