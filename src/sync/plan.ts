import { setImmediate } from 'node:timers/promises'
import { claimsOf, isMissing, type Member } from '../people/member.ts'
import type { People, PeopleChange } from '../people/people.ts'
import {
  disabledBy,
  plainStanding,
  worthKeeping,
  type Missing,
  type Standing,
} from '../people/standing.ts'
import { gapsOf, takeParts, type PersonPart } from '../person/parts.ts'
import type { Person } from '../person/person.ts'
import { changedFields, isHarmless } from './difference.ts'
import type { GuardKind } from './guard.ts'
import { nextStage, type Leavers } from './leavers.ts'
import type { Reading } from './reading.ts'
import type { SourceClock } from './source-clock.ts'

/** What a run would change, person by person, before anything is changed. */
export interface Plan {
  readonly items: readonly PlanItem[]
  /** Members to be kept anew about whom there is nothing to tell. */
  readonly quiet: PeopleChange['put']
  /** Who has something that the directory does not say any more, and keeps it. */
  readonly kept: readonly Kept[]
}

export interface Kept {
  readonly person: Person
  readonly parts: readonly PersonPart[]
}

export type PlanItemKind = 'added' | 'changed' | 'missing' | 'back' | 'disabled' | 'removed'

export interface PlanItem {
  readonly kind: PlanItemKind
  /** What the guard counts it as; null: it follows from what was approved, or means nothing. */
  readonly counts: GuardKind | null
  readonly before: Member | undefined
  /** Null: nothing remains. */
  readonly after: Member | null
}

export interface PlanContext {
  readonly source: string
  readonly people: People
  readonly run: number
  /** As it stands with this read. */
  readonly clock: SourceClock
  readonly now: number
  readonly leavers: Leavers
  /** Parts of a person that stay when the directory has them no longer. */
  readonly keep: readonly PersonPart[]
  /** Ids that somebody else changed while the source was read: what was read of them is old. */
  readonly touched: ReadonlySet<string>
}

/**
 * Changes nothing. The same reading and people give the same plan, for a dry run as for a real one.
 * Works in slices; nobody may change people of this source meanwhile.
 */
export async function makePlan(reading: Reading, context: PlanContext): Promise<Plan> {
  const { people, touched, source } = context
  const items: PlanItem[] = []
  const quiet: PeopleChange['put'][number][] = []
  const kept: Kept[] = []
  const note = (found: PlanItem | PeopleChange['put'][number] | null) => {
    if (found === null) return
    if ('kind' in found) items.push(found)
    else quiet.push(found)
  }

  let count = 0
  for (const [id, person] of reading.differing) {
    if (++count % peopleAtOnce === 0) await setImmediate()
    if (touched.has(id)) continue
    const before = people.record(id)
    const parts = before ? gapsOf(person, before.person, context.keep) : []
    const whole = before ? takeParts(person, before.person, parts) : person
    if (parts.length > 0 && before?.standing?.managed !== false) kept.push({ person: whole, parts })
    note(planSeen(whole, before, context))
  }
  const unseen = reading.kind === 'complete' ? people.recordsOf(source) : named(reading, people)
  for (const member of unseen) {
    if (++count % peopleAtOnce === 0) await setImmediate()
    const { id } = member.person
    if (touched.has(id) || member.standing?.managed === false) continue
    if (!reading.isSeen(id)) note(planUnseen(member, context))
    else if (member.standing?.missing && !reading.differing.has(id)) {
      const directory = member.standing.directory
      note(planSeen({ ...member.person, disabled: directory }, member, context))
    }
  }
  return { items, quiet, kept }
}

const peopleAtOnce = 500

/** What `People` and the state are to do for these items. */
export function changeOf({ items, quiet }: Plan): PeopleChange {
  const put = items.flatMap(({ before, after }) => (after ? [{ before, after }] : []))
  const removed = items.flatMap(({ before, after }) => (after === null && before ? [before] : []))
  return { put: [...put, ...quiet], removed }
}

/** The same plan when somebody said that it is right: what follows from it is right as well. */
export function approvedPlan(plan: Plan): Plan {
  return {
    ...plan,
    items: plan.items.map((item) => ({ ...item, after: item.after && approve(item.after) })),
  }
}

function approve(member: Member): Member {
  const { standing } = member
  if (!standing?.missing) return member
  return { ...member, standing: { ...standing, missing: { ...standing.missing, approved: true } } }
}

type Found = PlanItem | PeopleChange['put'][number] | null

function planSeen(read: Person, before: Member | undefined, { run }: PlanContext): Found {
  if (!before) {
    const after = { person: read, claims: claimsOf(read, undefined, run) }
    return { kind: 'added', counts: 'add', before, after }
  }
  if (before.standing?.managed === false) return null
  const was = before.standing ?? plainStanding(before.person.disabled)
  const standing: Standing = {
    ...was,
    directory: read.disabled,
    missing: null,
    // What was let in against the directory's word needs no word of ours when the directory agrees.
    decided: was.decided === 'enabled' && read.disabled === null ? null : was.decided,
  }
  const after = memberOf(read, standing, before, run)
  const fields = changedFields(before.person, after.person)
  // Never held: somebody's telephone works again as the directory says.
  if (was.missing) return { kind: 'back', counts: null, before, after }
  if (fields.length === 0) return isSameStanding(was, standing) ? null : { before, after }
  const isShutOut = before.person.disabled === null && after.person.disabled !== null
  if (isShutOut) return { kind: 'disabled', counts: 'disable', before, after }
  const counts = isHarmless(before.person, after.person) ? null : 'change'
  return { kind: 'changed', counts, before, after }
}

function planUnseen(before: Member, context: PlanContext): Found {
  const { clock, leavers, run, now, people } = context
  const was = before.standing ?? plainStanding(before.person.disabled)
  const isNew = was.missing === null
  const missing: Missing = was.missing ?? {
    since: now,
    stage: 'grace',
    clock: clock.clock,
    reads: clock.reads,
    approved: false,
  }
  // "Enabled" was an answer to what the directory said while he stood in it.
  const decided = isNew && was.decided === 'enabled' ? null : was.decided
  const due = decided === 'enabled' ? 'stay' : nextStage(missing, clock, leavers)
  // While another directory has him he keeps his id, and with it his secrets.
  const stage = due === 'delete' && isElsewhere(before, people) ? 'disable' : due
  const counts = (kind: GuardKind) => (isNew ? 'remove' : missing.approved ? null : kind)
  if (stage === 'delete') return { kind: 'removed', counts: counts('remove'), before, after: null }
  if (!isNew && (stage === 'stay' || was.missing?.stage === 'disabled')) return null
  const next: Missing =
    stage === 'disable'
      ? { ...missing, stage: 'disabled', clock: clock.clock, reads: clock.reads }
      : missing
  const after = memberOf(before.person, { ...was, decided, missing: next }, before, run)
  const kind = stage === 'disable' ? 'disabled' : 'missing'
  return { kind, counts: counts('disable'), before, after }
}

/** The person with what comes of his standing. */
export function memberOf(person: Person, standing: Standing, before: Member, run: number): Member {
  const disabled = disabledBy(standing)
  const effective = person.disabled === disabled ? person : { ...person, disabled }
  const kept = worthKeeping(standing)
  const claims = claimsOf(effective, before, run)
  return { person: effective, claims, ...(kept === null ? {} : { standing: kept }) }
}

function isElsewhere({ person }: Member, people: People): boolean {
  return people.partnersOf(person.id).some((partner) => !isMissing(partner))
}

function isSameStanding(a: Standing, b: Standing): boolean {
  return a.directory === b.directory && a.decided === b.decided && a.managed === b.managed
}

function named({ gone }: Reading, people: People): Member[] {
  return [...new Set(gone)].flatMap((id) => people.record(id) ?? [])
}
