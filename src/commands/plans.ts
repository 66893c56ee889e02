import type { ShownPlan } from '../answers/admin/plans.ts'
import type { Run } from '../state/runs.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'
import { excessText } from '../sync/excess-text.ts'
import { paintFor } from '../paint.ts'
import { planText } from '../sync/plan-text.ts'

/** `peerage plans [ID]`: what is held for approval, or one plan in full. */
export async function plans(
  named: string | undefined,
  id: string | undefined,
  json: boolean,
): Promise<number> {
  const { config } = loadConfig(named)
  if (id === undefined) {
    // As answers/admin/plans.ts lists them.
    const answer = (await askService(config, 'GET', '/api/plans')) as { plans: Listed[] }
    const lines = json ? [JSON.stringify(answer.plans, null, 2)] : answer.plans.map(listText)
    process.stdout.write(`${lines.join('\n') || 'no plan was ever held'}\n`)
    return 0
  }
  const path = `/api/plans/${number(id)}`
  const { plan } = (await askService(config, 'GET', path)) as { plan: ShownPlan }
  const lines = json
    ? [JSON.stringify(plan, null, 2)]
    : [listText(plan), ...planText(plan, paintFor(process.stdout, process.env))]
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

/** `peerage approve ID`: reads again, and applies the plan if it is still the same. 1 when it is not. */
export async function approve(named: string | undefined, id: string | undefined): Promise<number> {
  const { config } = loadConfig(named)
  const path = `/api/plans/${number(id)}/approve`
  const answer = (await askService(config, 'POST', path)) as { approved: boolean; run: Run }
  const { approved, run } = answer
  const text = approved
    ? `plan ${id} is applied (run ${run.id})`
    : (run.error ??
      `plan ${id} was not needed any more: the directory says something else, which run ${run.id} took over`)
  process.stdout.write(`${text}\n`)
  return approved ? 0 : 1
}

/** `peerage reject ID`: its changes are not proposed again until they are other ones. */
export async function reject(named: string | undefined, id: string | undefined): Promise<number> {
  const { config } = loadConfig(named)
  await askService(config, 'POST', `/api/plans/${number(id)}/reject`)
  process.stdout.write(`plan ${id} is rejected; people stay as they are\n`)
  return 0
}

type Listed = Omit<ShownPlan, 'items' | 'effects'>

function listText({ id, source, status, madeAt, expiresAt, excess, people }: Listed): string {
  const why = excess.map((each) =>
    each.kind === 'source'
      ? 'the source is not configured any more'
      : excessText(each, `to ${each.kind}`),
  )
  const until = status === 'held' ? `, until ${new Date(expiresAt).toISOString()}` : ''
  return `${id}  ${status}  ${source}  ${new Date(madeAt).toISOString()}${until}  ${people} people: ${why.join('; ')}`
}

function number(id: string | undefined): number {
  if (/^[0-9]{1,15}$/.test(id ?? '')) return Number(id)
  throw new Error('which plan? its number is listed by: peerage plans')
}
