import type { Person } from '../person/person.ts'
import type { Standing } from './standing.ts'

/** A person and what he lays claim to, and since when: the unit that is kept and indexed. */
export interface Member {
  readonly person: Person
  readonly claims: readonly Claim[]
  /** Absent for nearly everybody: in the directory, and left as it says. */
  readonly standing?: Standing
}

/** The wish to be reached under an internal id. Who is granted it, `rankClaims` decides. */
export interface Claim {
  readonly key: string
  readonly kind: 'extension' | 'alias'
  /** Number of the run that first saw this wish. */
  readonly since: number
}

/** Internal ids are compared without regard to case: `Zoe.Muller` and `zoe.muller` are one. */
export function claimKey(id: string): string {
  return id.toLowerCase()
}

/** What the person claims now; a claim that he had before keeps its age. */
export function claimsOf(person: Person, before: Member | undefined, run: number): Claim[] {
  const wanted = new Map<string, Claim['kind']>()
  if (person.extension !== null) wanted.set(claimKey(person.extension), 'extension')
  for (const alias of person.aliases) {
    const key = claimKey(alias)
    if (!wanted.has(key)) wanted.set(key, 'alias')
  }
  return Array.from(wanted, ([key, kind]) => {
    const old = before?.claims.find((claim) => claim.key === key && claim.kind === kind)
    return old ?? { key, kind, since: run }
  })
}

/**
 * Orders those who claim one id, the owner first: who may use the telephone before who may not,
 * who is in the directory before who went missing, an extension before an alias, the source that stands first in the configuration, the earlier
 * claim, and at last the id, so that every node and every start decides alike.
 */
export function rankClaims(
  key: string,
  sourceRank: (source: string) => number,
): (a: Member, b: Member) => number {
  return (a, b) => {
    const first = a.claims.find((claim) => claim.key === key)
    const second = b.claims.find((claim) => claim.key === key)
    return (
      Number(a.person.disabled !== null) - Number(b.person.disabled !== null) ||
      Number(isMissing(a)) - Number(isMissing(b)) ||
      Number(first?.kind === 'alias') - Number(second?.kind === 'alias') ||
      sourceRank(a.person.source) - sourceRank(b.person.source) ||
      (first?.since ?? 0) - (second?.since ?? 0) ||
      (a.person.id < b.person.id ? -1 : 1)
    )
  }
}

/** Not in the directory any more, whether or not he is still answered. */
export function isMissing({ standing }: Member): boolean {
  return standing !== undefined && standing.missing !== null
}
