import type { HeldPlan } from '../state/plans.ts'
import { durationText } from '../sync/duration.ts'
import { excessText } from '../sync/excess-text.ts'
import { planText } from '../sync/plan-text.ts'
import type { Told } from './channel.ts'
import { oneLine } from './one-line.ts'

/** More is read at a terminal. */
const mostOfEach = 25

/** A notice for people to read: what happened, what it means for telephones, what to do. */
export function mailText(told: Told): { readonly subject: string; readonly text: string } {
  const { subject, lines } = words(told)
  const text = lines.map((line) => indentOf(line) + oneLine(line, 500)).join('\n')
  return { subject: oneLine(`Peerage: ${subject}`, 150), text: `${text}\n` }
}

function words(told: Told): { readonly subject: string; readonly lines: readonly string[] } {
  const { source, event, text, plan } = told
  switch (event) {
    case 'failure':
      return { subject: `${source} is not read: ${text}`, lines: failure(told) }
    case 'recovery':
      return { subject: `${source} is read again`, lines: [`${text}.`] }
    case 'held':
      return { subject: `${source}: plan ${plan} is held${why(told.about)}`, lines: held(told) }
    case 'expired':
      return { subject: `${source}: plan ${plan} has expired`, lines: expired(told) }
  }
}

function failure({ source, text, at, run, readAt }: Told): string[] {
  const from = readAt === null ? 'It was never read so far.' : goesOn(readAt)
  return [
    `The source '${source}' could not be read at ${time(at)}:`,
    '',
    `  ${text}`,
    '',
    `Nobody was changed. ${from}`,
    'It is tried again by itself, and another mail comes when it works again.',
    '',
    '  peerage check                   tries every step of the connection',
    `  peerage runs show ${String(run).padEnd(14)}what became of this run`,
  ]
}

function goesOn(readAt: number): string {
  return `Telephones are answered from the people of ${time(readAt)}.`
}

function held({ source, text, plan, about }: Told): string[] {
  if (!about) return [`${text}.`]
  return [
    `What the source '${source}' says would change more than the guard allows, so nobody was changed:`,
    '',
    ...about.excess.map((each) => `  ${excessText(each, `people to ${each.kind}`)}`),
    '',
    ...summary(about),
    '',
    ...planText(about, (_colour, line) => line, mostOfEach),
    '',
    'If it is right, apply it; if it is not, mend the directory, and the plan is gone with the next read.',
    '',
    `  peerage plans ${String(plan).padEnd(10)}the whole plan`,
    `  peerage approve ${String(plan).padEnd(8)}reads again, and applies it if it is still the same`,
    `  peerage reject ${String(plan).padEnd(9)}leaves these people as they are`,
    '',
    `or POST /api/plans/${plan}/approve, /api/plans/${plan}/reject. It can be approved until ${time(about.expiresAt)}.`,
  ]
}

function expired({ source, plan, about }: Told): string[] {
  const madeAt = about ? ` of ${time(about.madeAt)}` : ''
  return [
    `Nobody approved or rejected plan ${plan}${madeAt} in time, so it has expired. Nobody of the source '${source}' was changed.`,
    'If the directory still says the same, the next read makes a new plan of it, with a mail of its own.',
    '',
    ...(about ? summary(about) : []),
  ]
}

/** `300 missing; 300 extensions would reach nobody`. */
function summary({ people, items, effects }: HeldPlan): string[] {
  const kinds = Map.groupBy(items, ({ kind }) => kind)
  const counts = Array.from(kinds, ([kind, list]) => `${list.length} ${kind}`).join(', ')
  const silent = Map.groupBy(
    effects.numbers.filter(({ after }) => after.length === 0),
    ({ kind }) => kind,
  )
  const numbers = Array.from(silent, ([kind, list]) => {
    return `${list.length} ${kind === 'did' ? 'DID' : kind}${list.length === 1 ? '' : endings[kind]}`
  })
  const most = people > items.length ? ` (the first ${items.length} of ${people})` : ''
  return [
    `It is about ${people} people: ${counts}${most}.`,
    numbers.length === 0
      ? 'Every number would still reach somebody.'
      : `${numbers.join(', ')} would reach nobody any more.`,
  ]
}

const endings = { extension: 's', alias: 'es', did: 's' } as const

function why(plan: HeldPlan | undefined): string {
  const parts = plan?.excess.map((each) => excessText(each, `people to ${each.kind}`))
  return parts ? `: ${parts.join('; ')}` : ''
}

export function recoveryText(source: string, failedAt: number | undefined, now: number): string {
  const since = failedAt === undefined ? '' : ` after ${durationText(Math.max(0, now - failedAt))}`
  return `source '${source}' is read again${since}`
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function indentOf(line: string): string {
  return / */.exec(line)?.[0] ?? ''
}
