import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { effectsOf } from '../people/effects.ts'
import { isMissing } from '../people/member.ts'
import type { People, PeopleChange } from '../people/people.ts'
import type { QueuesOf } from '../people/queue-effects.ts'
import { partOf } from '../person/parts.ts'
import type { Person } from '../person/person.ts'
import type { DescribedPlan, KeptValue, Rejection } from '../state/plans.ts'
import type { FieldChange, PersonChange } from '../state/runs.ts'
import { changedFields } from './difference.ts'
import { changeOf, type Kept, type Plan, type PlanItem } from './plan.ts'

/** More than anybody reads; the numbers say how many there are. */
const shown = 2000

export async function describePlan(
  plan: Plan,
  people: People,
  queuesOf?: QueuesOf,
): Promise<DescribedPlan> {
  return {
    people: plan.items.length,
    items: plan.items.slice(0, shown).map(describeItem),
    kept: plan.kept.slice(0, shown).flatMap(keptValues),
    effects: await effectsOf(eventually(changeOf(plan)), people, shown, queuesOf),
  }
}

function keptValues({ person, parts }: Kept): KeptValue[] {
  const { id, name } = person
  return parts.map((field) => ({ id, name, field, value: partOf(person, field) }))
}

/** Who is missing is still answered, but what a plan has to tell is what that leads to. */
function eventually({ put, removed }: PeopleChange): PeopleChange {
  return {
    removed,
    put: put.map(({ before, after }) => {
      if (!isMissing(after) || after.person.disabled !== null) return { before, after }
      return { before, after: { ...after, person: { ...after.person, disabled: 'left' } } }
    }),
  }
}

export function describeItem({ kind, before, after }: PlanItem): PersonChange {
  const { id, name, extension } = (after ?? before)?.person ?? nobody
  const fields = before && after ? fieldChanges(before.person, after.person) : []
  return { kind, id, name, extension, fields }
}

export function idOf({ before, after }: PlanItem): string {
  return (after ?? before)?.person.id ?? ''
}

const nobody = { id: '', name: '', extension: null } as const

function fieldChanges(before: Person, after: Person): FieldChange[] {
  return changedFields(before, after).flatMap((field): FieldChange[] => {
    if (field !== 'details') return [{ field, from: before[field], to: after[field] }]
    const keys = new Set([...Object.keys(before.details), ...Object.keys(after.details)])
    return [...keys].flatMap((key): FieldChange[] => {
      const from = Reflect.get(before.details, key) ?? null
      const to = Reflect.get(after.details, key) ?? null
      return from === to ? [] : [{ field: key, from, to }]
    })
  })
}

/** What a plan is recognised by. */
export interface PlanPrint {
  /** The same for two plans that do the same, in whatever order. */
  readonly digest: string
  /** Item by item; not those of entries that only moved. */
  readonly prints: readonly Rejection[]
}

const itemsAtOnce = 200

/** In slices: a plan may be about everybody, and calls must get in between. */
export async function printOf({ items }: Plan): Promise<PlanPrint> {
  const digest = Buffer.alloc(32)
  const prints: Rejection[] = []
  for (const [index, item] of items.entries()) {
    if (index % itemsAtOnce === itemsAtOnce - 1) await setImmediate()
    if (item.kind === 'changed' && item.counts === null) continue
    const print = fingerprint(item)
    prints.push({ person: idOf(item), print })
    const bytes = Buffer.from(print, 'base64url')
    for (const [at, byte] of bytes.entries()) digest[at] = (digest[at] ?? 0) ^ byte
  }
  return { digest: digest.toString('base64url'), prints }
}

/** Of one item: the same as long as the same would be done to the same person. */
export function fingerprint({ kind, before, after }: PlanItem): string {
  const { id } = (after ?? before)?.person ?? nobody
  // Nothing of a person who is gone can differ; his fields are those of yesterday.
  const isGone = kind === 'missing' || kind === 'removed' || after?.standing?.missing
  const content = isGone || !after ? '' : JSON.stringify({ ...after.person, dn: '' })
  return createHash('sha256').update(`${kind} ${id} ${content}`).digest('base64url')
}
