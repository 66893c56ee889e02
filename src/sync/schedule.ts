import { Cron } from 'croner'
import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import type { DirectorySource } from '../directory/source.ts'
import type { Logger } from '../logger.ts'
import type { Run } from '../state/runs.ts'
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

const shortestRetryMs = 5_000
const longestRetryMs = 300_000

/**
 * Sees to it that a source is read: at the start, on schedule, when the directory announces a
 * change, and again soon after a failure. Ends with the signal. Resolves with the first run.
 */
export function keepInSync(
  sync: Sync,
  source: DirectorySource,
  { schedule }: ScheduleOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<Run> {
  let failures = 0
  let retry: NodeJS.Timeout | undefined
  const cron = new Cron(schedule, { unref: true }, () => void run('schedule'))
  signal.addEventListener('abort', () => {
    cron.stop()
    clearTimeout(retry)
  })

  async function run(reason: 'start' | 'schedule' | 'change'): Promise<Run> {
    clearTimeout(retry)
    const done = await sync.run(reason, signal)
    failures = done.outcome === 'failed' ? failures + 1 : 0
    clearTimeout(retry)
    if (failures > 0 && !signal.aborted) {
      const waitMs = Math.min(shortestRetryMs * 2 ** (failures - 1), longestRetryMs)
      retry = setTimeout(() => void run('schedule'), waitMs)
      retry.unref()
    }
    return done
  }

  async function follow(): Promise<void> {
    if (!source.changes) return
    try {
      for await (const _ of source.changes(signal)) await run('change')
    } catch (error) {
      if (!signal.aborted) {
        log.warn(
          { source: sync.name, problem: String(error) },
          'changes are not announced any more, the schedule goes on',
        )
      }
    }
  }

  void follow()
  return run('start')
}
