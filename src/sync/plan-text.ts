import type { Holder } from '../people/effects.ts'
import type { QueueEffect } from '../people/queue-effects.ts'
import type { DescribedPlan } from '../state/plans.ts'
import type { FieldChange, PersonChange } from '../state/runs.ts'
import type { Paint } from '../paint.ts'

const marks: Readonly<Record<string, readonly [string, Parameters<Paint>[0], string]>> = {
  added: ['+', 'green', 'added'],
  back: ['+', 'green', 'back'],
  changed: ['~', 'yellow', 'changed'],
  missing: ['-', 'yellow', 'missing (still answered during the grace)'],
  disabled: ['-', 'red', 'disabled (answered nowhere)'],
  removed: ['-', 'red', 'removed for good, with the secrets'],
}

const itemsShown = 200
const namesShown = 10

/** A plan for people to read: who, field by field, and what it does to telephones. */
export function planText(plan: DescribedPlan, paint: Paint, most = itemsShown): string[] {
  const { people, items, effects } = plan
  if (items.length === 0) return ['  nothing would change', ...keptText(plan)]
  const lines = items.slice(0, most).flatMap((item) => itemText(item, paint))
  lines.push(...keptText(plan))
  if (people > most) lines.push(`  … and ${people - most} more people`)
  const numbers = effects.numbers.slice(0, most)
  const { queues = [] } = effects
  if (numbers.length + queues.length > 0)
    lines.push('', '  telephones (of who is missing: after the grace)')
  for (const { kind, number, before, after } of numbers) {
    const label = `${kind === 'did' ? 'DID' : kind} ${number}`.padEnd(24)
    const text = `    ${label} ${holdersText(before)} → ${holdersText(after)}`
    lines.push(after.length === 0 ? paint('red', text) : text)
  }
  const more = effects.numbers.length - numbers.length
  if (more > 0) lines.push(`    … and ${more} more numbers`)
  lines.push(...queues.map(queueText))
  for (const { number, owner, loser } of effects.lost.slice(0, most)) {
    lines.push(paint('yellow', `    ${number}: ${loser.name} wants it, ${owner.name} has it`))
  }
  return lines
}

function keptText({ kept }: DescribedPlan): string[] {
  const lines = kept.slice(0, itemsShown).map(({ name, field, value }) => {
    return `  = ${name}: ${field} stays ${valueText(value)} (whenGone: keep)`
  })
  const more = kept.length - lines.length
  return more > 0 ? [...lines, `  … and ${more} more values that stay`] : lines
}

export function itemText({ kind, id, name, extension, fields }: PersonChange, paint: Paint) {
  const [mark, colour, word] = marks[kind] ?? ['?', 'bold', kind]
  const number = extension === null ? '' : ` ${extension}`
  return [
    paint(colour, `  ${mark} ${name}${number}: ${word}`) + `  ${id}`,
    ...fields.map(fieldText),
  ]
}

function fieldText({ field, from, to }: FieldChange): string {
  return `      ${field}: ${valueText(from)} → ${valueText(to)}`
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '(none)'
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(partText).join(', ')
  return partText(value)
}

function partText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'text' in value && 'kind' in value) {
    return `${String(value.kind)} ${String(value.text)}`
  }
  return JSON.stringify(value)
}

function queueText({ queue, joins, leaves }: QueueEffect): string {
  const parts = [
    ...(leaves.length > 0 ? [`loses ${namesText(leaves)}`] : []),
    ...(joins.length > 0 ? [`gets ${namesText(joins)}`] : []),
  ]
  return `    ${`queue ${queue}`.padEnd(24)} ${parts.join('; ')}`
}

function holdersText(holders: readonly Holder[]): string {
  return holders.length === 0 ? 'nobody' : holders.map(({ name }) => name).join(', ')
}

function namesText(holders: readonly Holder[]): string {
  const names = holders.slice(0, namesShown).map(({ name }) => name)
  const more = holders.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}
