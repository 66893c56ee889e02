import { createHash } from 'node:crypto'
import { effectsOf } from '../people/effects.ts'
import { isMissing } from '../people/member.ts'
import type { People, PeopleChange } from '../people/people.ts'
import type { Person } from '../person/person.ts'
import type { DescribedPlan } from '../state/plans.ts'
import type { FieldChange, PersonChange } from '../state/runs.ts'
import { changedFields } from './difference.ts'
import { changeOf, type Plan, type PlanItem } from './plan.ts'

export function describePlan(plan: Plan, people: People): DescribedPlan {
  return {
    items: plan.items.map(describeItem),
    effects: effectsOf(eventually(changeOf(plan)), people),
  }
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

/** Tells whether two plans are one: everything but where entries stand in the directory. */
export function digestOf({ items }: Plan): string {
  const isMove = ({ kind, counts }: PlanItem) => kind === 'changed' && counts === null
  const prints = items
    .filter((item) => !isMove(item))
    .map(fingerprint)
    .sort()
  return createHash('sha256').update(prints.join('\n')).digest('base64url')
}

/** Of one item: the same as long as the same would be done to the same person. */
export function fingerprint({ kind, before, after }: PlanItem): string {
  const { id } = (after ?? before)?.person ?? nobody
  // Nothing of a person who is gone can differ; his fields are those of yesterday.
  const isGone = kind === 'missing' || kind === 'removed' || after?.standing?.missing
  const content = isGone || !after ? '' : JSON.stringify({ ...after.person, dn: '' })
  return createHash('sha256').update(`${kind} ${id} ${content}`).digest('base64url')
}
