import type { NumberKind, Person } from '../../person/person.ts'

/** Who has a number: what all answers about a caller are made from. Immutable, and kept. */
export interface Match {
  readonly how: 'extension' | 'number' | 'end' | 'company' | 'nobody' | 'withheld'
  /** Null when only the organisation is known, or nothing. */
  readonly person: Person | null
  /** Which of his numbers it is. */
  readonly kind: NumberKind | 'extension' | 'did' | null
  readonly organisation: string | null
  /** The number in E.164; null when it is none. */
  readonly e164: string | null
  /** As it was sent, cleaned. */
  readonly sent: string
  /** Each step that was tried, as a sentence. */
  readonly why: readonly string[]
}

/** The one who counts of several with one number, or what they have in common. */
export function chooseAmong(
  people: readonly Person[],
  policy: 'organisation' | 'nearer' | 'nothing',
  sourceRank: (source: string) => number,
): { readonly person: Person | null; readonly organisation: string | null; readonly why: string } {
  // Somebody who may use the telephone is likelier to call than who left.
  const present = people.filter(({ disabled }) => disabled === null)
  const likely = present.length === 0 ? people : present
  const [only] = likely
  if (only && likely.length === 1) {
    return { person: only, organisation: companyOf(only), why: `it is ${only.name}` }
  }
  const names = `${likely.length} people have it (${likely
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ')})`
  if (policy === 'nothing') {
    return { person: null, organisation: null, why: `${names}, and calls.shared says nothing` }
  }
  if (policy === 'nearer') {
    const first = Math.min(...likely.map(({ source }) => sourceRank(source)))
    const near = likely.filter(({ source }) => sourceRank(source) === first)
    if (near.length === 1 && near[0]) {
      const why = `${names}; ${near[0].name} is of the source that stands first`
      return { person: near[0], organisation: companyOf(near[0]), why }
    }
  }
  const organisation = sharedCompany(likely)
  const why = organisation === null ? 'and no organisation in common' : `all of ${organisation}`
  return { person: null, organisation, why: `${names}, ${why}` }
}

/** The organisation of all of them, if they have one and the same. */
export function sharedCompany(people: readonly Person[]): string | null {
  const companies = new Set(people.map(companyOf))
  const [company = null] = companies
  return companies.size === 1 ? company : null
}

function companyOf({ details }: Person): string | null {
  return details.company ?? null
}
