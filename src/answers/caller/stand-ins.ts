import type { Member } from '../../people/member.ts'
import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import type { StandIn } from './called-options.ts'
import type { CallOptions } from './options.ts'
import type { References } from './references.ts'

export interface StandInDeps {
  readonly people: People
  readonly references: References
  readonly options: Pick<CallOptions, 'leaverDids' | 'operator'>
  readonly now: () => number
  readonly isRung: (person: Person) => boolean
}

/** Who is rung instead of somebody; `extension` is the operator's, who need not be a person. */
export interface StandInFound {
  readonly as: StandIn
  readonly person: Person | null
  readonly extension: string
  readonly why: readonly string[]
}

const dayMs = 86_400_000
/** Managers of managers; a directory may hold a ring of them. */
const longestChain = 6

/** Null when nobody is, or not any more; then `why` alone tells. */
export function standInFor(
  leaver: Member,
  deps: StandInDeps,
): StandInFound | { readonly as: null; readonly why: readonly string[] } {
  const { person, standing } = leaver
  const { leaverDids, operator } = deps.options
  const why = [`${person.name} cannot be rung (${person.disabled ?? 'has no telephone'})`]
  const since = standing?.missing?.since
  if (since !== undefined && deps.now() - since > leaverDids.days * dayMs) {
    return { as: null, why: [...why, `he left more than ${leaverDids.days} days ago`] }
  }
  for (const as of leaverDids.to) {
    if (as === 'operator') {
      if (operator === undefined) why.push('there is no calls.operator')
      else return { as, person: null, extension: operator, why: [...why, `operator ${operator}`] }
      continue
    }
    const found = as === 'manager' ? managerOf(person, deps) : deputyOf(person, deps)
    if (found?.extension) {
      why.push(`${as} ${found.name} ${found.extension}`)
      return { as, person: found, extension: found.extension, why }
    }
    why.push(`no ${as} who can be rung`)
  }
  return { as: null, why }
}

/** The nearest one above who is there himself. */
function managerOf(person: Person, deps: StandInDeps): Person | undefined {
  let below = person
  for (let step = 0; step < longestChain; step += 1) {
    const { managerDn, manager } = below.details
    const above = deps.references.find(managerDn ?? manager)
    if (above === undefined || above === below) return undefined
    if (deps.isRung(above)) return above
    below = above
  }
  return undefined
}

function deputyOf({ details }: Person, { references, isRung }: StandInDeps): Person | undefined {
  const deputy = references.find(details.assistantDn ?? details.assistantName)
  return deputy && isRung(deputy) ? deputy : undefined
}
