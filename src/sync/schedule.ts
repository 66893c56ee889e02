import { setTimeout as sleep } from 'node:timers/promises'
import { Cron } from 'croner'
import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import type { DirectoryChange, DirectorySource } from '../directory/source.ts'
import type { Logger } from '../logger.ts'
import type { Run, RunReason } from '../state/runs.ts'
import type { Delta } from './read-delta.ts'
import type { Sync } from './sync.ts'

export const scheduleProperties = {
  schedule: Type.String({
    default: '*/10 * * * *',
    description: 'When to read the source, as a cron expression in the time zone of the machine.',
  }),
}

const scheduleOptions = Type.Object(scheduleProperties)
export type ScheduleOptions = Static<typeof scheduleOptions>

export function checkSchedule({ schedule }: ScheduleOptions, path: string): Complaint[] {
  try {
    new Cron(schedule, { paused: true }).stop()
    return []
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
    return [
      {
        path: `${path}.schedule`,
        problem: `'${schedule}' is not a cron expression: ${reason}`,
        example: '*/10 8-20 * * *',
      },
    ]
  }
}

/** When a source is read next by its schedule, in milliseconds since 1970; null: never again. */
export function nextRead({ schedule }: ScheduleOptions): number | null {
  return new Cron(schedule, { paused: true }).nextRun()?.getTime() ?? null
}

/** The next reads by the schedule, in milliseconds since 1970; fewer when it ends. */
export function nextReads({ schedule }: ScheduleOptions, count: number): number[] {
  return new Cron(schedule, { paused: true }).nextRuns(count).map((at) => at.getTime())
}

const shortestRetryMs = 5_000
const longestRetryMs = 300_000
/** How long the first read waits for the directory to note from where it announces changes. */
const positionMs = 3_000

/**
 * Sees to it that a source is read: at the start, on schedule, when the directory announces a
 * change, and again soon after a failure. Ends with the signal. Resolves with the first run.
 */
export async function keepInSync(
  sync: Sync,
  source: DirectorySource,
  { schedule }: ScheduleOptions,
  log: Logger,
  signal: AbortSignal,
  /** The first of the waits that grow; milliseconds. */
  retryMs = shortestRetryMs,
): Promise<Run> {
  let failures = 0
  let retry: NodeJS.Timeout | undefined
  const cron = new Cron(schedule, { unref: true }, () => void run('schedule'))
  signal.addEventListener('abort', () => {
    cron.stop()
    clearTimeout(retry)
  })

  async function run(reason: RunReason): Promise<Run> {
    clearTimeout(retry)
    const done = await sync.run(reason)
    failures = done.outcome === 'failed' ? failures + 1 : 0
    if (failures > 0) readSoon()
    return done
  }

  function readSoon(): void {
    clearTimeout(retry)
    if (signal.aborted) return
    const waitMs = Math.min(retryMs * 2 ** Math.max(failures - 1, 0), longestRetryMs)
    retry = setTimeout(() => void run('schedule'), waitMs)
    retry.unref()
  }

  async function take(delta: Delta): Promise<void> {
    const done = await sync.apply(delta)
    // It is announced once only: what could not be kept now a complete read finds again.
    if (done?.outcome === 'failed') readSoon()
  }

  // Changes are counted from a position that is noted before everything is read: none is missed.
  // Nothing here waits for a read that is on its way; what is announced meanwhile is newer.
  const noted = Promise.withResolvers<void>()
  let isStarted = false
  const onChange = (change: DirectoryChange) => {
    if (change.kind === 'delta') void take(change)
    else if (isStarted) void run('change')
    noted.resolve()
  }
  void follow(sync, source, onChange, log, signal, retryMs).finally(noted.resolve)
  await Promise.race([noted.promise, sleep(positionMs, undefined, { ref: false })])
  isStarted = true
  return run('start')
}

/** Hands on what the directory announces, and begins anew when it stops doing so. */
async function follow(
  sync: Sync,
  source: DirectorySource,
  onChange: (change: DirectoryChange) => void,
  log: Logger,
  signal: AbortSignal,
  retryMs: number,
): Promise<void> {
  for (let failures = 0; source.changes && !signal.aborted; failures++) {
    try {
      for await (const change of source.changes(signal)) {
        failures = 0
        sync.follows(true)
        onChange(change)
      }
      if (!signal.aborted) log.warn({ source: sync.name }, 'changes are not announced any more')
    } catch (error) {
      if (signal.aborted) return
      const problem = error instanceof Error ? error.message : String(error)
      log.warn(
        { source: sync.name, problem },
        'changes are not announced now, the schedule goes on',
      )
    }
    sync.follows(false)
    const waitMs = Math.min(retryMs * 2 ** failures, longestRetryMs)
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
