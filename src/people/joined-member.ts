import { gapsOf, takeParts } from '../person/parts.ts'
import { claimsOf, isMissing, type Member } from './member.ts'
import type { JoinRule } from './join-rule.ts'
import { worthKeeping } from './standing.ts'

export interface Joining {
  readonly member: Member
  readonly rule: JoinRule
}

/**
 * One member of several records about him. He is the first one's: id, secrets, what an
 * administrator decided. Each part of him comes from the first record that has it. Who left one
 * directory is in the other still, and what the one said that he left does not count any more.
 */
export function joinedMember(first: Member, others: readonly Joining[]): Member {
  const there = others.filter(({ member }) => !hasLeft(member))
  if (there.length === 0) return first
  const { id, source } = first.person
  const [next] = there
  let person = hasLeft(first) && next ? { ...next.member.person, id, source } : first.person
  for (const { member, rule } of there) {
    person = takeParts(person, member.person, gapsOf(person, member.person, rule.parts))
  }
  const isThere = !isMissing(first) || there.some(({ member }) => !isMissing(member))
  const standing =
    first.standing && worthKeeping(isThere ? { ...first.standing, missing: null } : first.standing)
  const claims = [first, ...there.map(({ member }) => member)].flatMap((each) => each.claims)
  return {
    person,
    claims: claimsOf(person, { person, claims }, 0),
    ...(standing ? { standing } : {}),
  }
}

/** The grace is over: nothing of what his directory said counts. */
function hasLeft({ person }: Member): boolean {
  return person.disabled === 'left'
}
