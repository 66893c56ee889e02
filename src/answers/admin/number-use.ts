import type { People } from '../../people/people.ts'
import type { Person, PersonNumber } from '../../person/person.ts'
import { countSlots, extensionBehind, fillSlots, type DidRule } from '../../person/did-rules.ts'
import { inTurns } from '../../turns.ts'
import type { Site } from '../../person/site.ts'

/** Numbers that follow each other, first and last. */
export interface NumberRange {
  readonly first: string
  readonly last: string
  readonly count: number
}

export interface LengthUse {
  readonly digits: number
  readonly used: number
  /** Between the least and the greatest that is used. */
  readonly free: readonly NumberRange[]
}

const mostDigits = 6

/** The length of an extension whose use can be shown; null: it is no number, or too long. */
export function digitsOf(extension: string | null): number | null {
  if (extension === null || extension.length > mostDigits || !/^\d+$/.test(extension)) return null
  return extension.length
}

/** `claims`: for each number of that length how many people want it. */
export function lengthUse(digits: number, claims: Uint16Array): LengthUse {
  const free: NumberRange[] = []
  let used = 0
  let last = -1
  for (let at = 0; at < claims.length; at++) {
    if (claims[at] === 0) continue
    used++
    if (last !== -1 && at > last + 1) free.push(rangeOf(last + 1, at - 1, digits))
    last = at
  }
  return { digits, used, free }
}

function rangeOf(first: number, last: number, digits: number): NumberRange {
  const text = (value: number) => String(value).padStart(digits, '0')
  return { first: text(first), last: text(last), count: last - first + 1 }
}

/** Somebody's numbers that nobody could read; his own extension is none. */
export function unreadableOf({ numbers, extension }: Person): readonly PersonNumber[] {
  return numbers.filter(({ e164, text }) => e164 === null && text !== extension)
}

export interface UnownedDids {
  readonly first: string
  readonly last: string
  readonly count: number
  /** The extension that the rules put behind the first; null: they say of nobody. */
  readonly extension: string | null
}

/** Own public numbers that ring nobody, as ranges in the order of the rules, and how many they are. */
export async function unownedDids(
  people: People,
  site: Site,
): Promise<{ readonly count: number; readonly ranges: readonly UnownedDids[] }> {
  const ranges: UnownedDids[] = []
  for (const rule of site.dids) ranges.push(...(await unownedOf(rule, people, site)))
  return { count: ranges.reduce((sum, { count }) => sum + count, 0), ranges }
}

/** Those of one rule, with `after` those behind that number. */
export async function unownedOf(
  rule: DidRule,
  people: People,
  { dids }: Site,
  after = '',
): Promise<UnownedDids[]> {
  const ranges: UnownedDids[] = []
  const turn = inTurns()
  let isOpen = false
  for (const [at, did] of numbersOf(rule).entries()) {
    if (at % 64 === 0) await turn()
    if (did <= after) continue
    const extension = extensionBehind(did, dids) ?? null
    const reached = extension === null ? undefined : people.byInternalId(extension)
    const isOwned = reached !== undefined || people.byDid(did).length > 0
    const last = isOpen ? ranges.pop() : undefined
    if (last && isOwned) ranges.push(last)
    else if (last) ranges.push({ ...last, last: did, count: last.count + 1 })
    else if (!isOwned) ranges.push({ first: did, last: did, count: 1, extension })
    isOpen = !isOwned
  }
  return ranges
}

const mostSlots = 4

/** Longer ranges are not looked through number by number. */
function numbersOf({ did }: DidRule): string[] {
  const slots = countSlots(did)
  if (slots > mostSlots) return []
  return Array.from({ length: 10 ** slots }, (_, value) =>
    fillSlots(did, slots === 0 ? '' : String(value).padStart(slots, '0')),
  )
}
