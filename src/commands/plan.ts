import { openSynced } from '../open-synced.ts'
import { openLogger } from '../logger.ts'
import { compileSite } from '../person/site.ts'
import { dryRun, type DryRun } from '../sync/dry-run.ts'
import { loadConfig } from './load-config.ts'
import { excessText } from '../sync/excess-text.ts'
import { paintFor, type Paint } from '../paint.ts'
import { planText } from '../sync/plan-text.ts'
import { readRunningPeople, type RunningPeople } from './running-people.ts'

export interface PlanArguments {
  /** The configuration to try; it need not be in use. */
  readonly config?: string | undefined
  /** The one that the service runs with; default: the same. */
  readonly against?: string | undefined
  readonly json: boolean
}

/** `peerage plan [SOURCE]`: what a read would change, without changing anything. 1 when it failed. */
export async function plan(
  only: string | undefined,
  { config: named, against, json }: PlanArguments,
): Promise<number> {
  const { config } = loadConfig(named)
  const known = Object.keys(config.sources)
  if (only !== undefined && !known.includes(only)) {
    throw new Error(`there is no source '${only}'; known are ${known.join(', ')}`)
  }
  const running = await readRunningPeople(
    against === undefined ? config : loadConfig(against).config,
    config,
  )
  const site = compileSite(config.site)
  const paint = paintFor(process.stdout, process.env)
  const done: DryRun[] = []
  const failed: { source: string; error: string }[] = []
  for (const name of known.filter((name) => only === undefined || name === only)) {
    const synced = openSynced(name, config, site, openLogger('silent'))
    await using _source = synced.source
    const { people, clocks } = running
    const deps = { people, clock: clocks.get(name), now: Date.now }
    try {
      done.push(await dryRun(synced, deps, new AbortController().signal))
    } catch (error) {
      failed.push({ source: name, error: error instanceof Error ? error.message : String(error) })
    }
  }
  const dropped = [...running.sources].filter((name) => !known.includes(name))
  const { from } = running
  const report = { from, sources: done, failed, notConfigured: dropped }
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : text(report, running, paint))
  return failed.length === 0 ? 0 : 1
}

interface PlanReport {
  readonly from: RunningPeople['from']
  readonly sources: readonly DryRun[]
  readonly failed: readonly { readonly source: string; readonly error: string }[]
  /** Sources that are not configured, whose people are there. */
  readonly notConfigured: readonly string[]
}

const origins = {
  service: 'against the people of the running service',
  state: 'against the last good people (no service runs)',
  nobody: 'against nobody: no service runs and there is no state',
} as const

function text(
  { from, sources, failed, notConfigured }: PlanReport,
  { people }: RunningPeople,
  paint: Paint,
): string {
  const lines: string[] = [origins[from]]
  for (const { source, plan, excess, isFirst, entries, problems } of sources) {
    const first = isFirst ? ', the first import' : ''
    lines.push('', paint('bold', `${source}: ${entries} entries${first}; ${summary(plan.items)}`))
    for (const each of excess) {
      lines.push(paint('red', `  would be held: ${excessText(each, `to ${each.kind}`)}`))
    }
    lines.push(...planText(plan, paint))
    for (const problem of problems.slice(0, 10)) lines.push(`  ${problem.entry}: ${problem.text}`)
    if (problems.length > 10) lines.push(`  … and ${problems.length - 10} more problems`)
  }
  for (const { source, error } of failed)
    lines.push('', paint('red', `${source}: failed: ${error}`))
  for (const source of notConfigured) {
    const count = people.countOf(source)
    const line = `${source}: not configured any more; its ${count} people stay until somebody approves that they go`
    lines.push('', paint('red', line))
  }
  return `${lines.join('\n')}\n`
}

function summary(items: DryRun['plan']['items']): string {
  const counts = Map.groupBy(items, ({ kind }) => kind)
  return Array.from(counts, ([kind, list]) => `${list.length} ${kind}`).join(', ') || 'no changes'
}
