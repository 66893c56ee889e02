import { openFiles, residentMegabytes } from '../rig/company.ts'

interface Sample {
  readonly pid: number
  /** Milliseconds since the soak began. */
  readonly at: number
  readonly megabytes: number
  readonly files: number
}

export interface MemoryReport {
  /** For how long the last process of all was watched, its first minute left out. */
  readonly minutes: number
  readonly firstMegabytes: number
  readonly lastMegabytes: number
  /** Of the straight line through all samples (least squares). */
  readonly megabytesAnHour: number
  /** Medians, minute by minute. */
  readonly megabytes: readonly number[]
  readonly filesFirst: number
  readonly filesLast: number
  readonly filesMost: number
}

/** How much memory and how many file handles a process has, again and again. */
export class Memory {
  readonly #samples: Sample[] = []
  readonly #began = performance.now()

  async look(pid: number | undefined): Promise<void> {
    if (pid === undefined) return
    const seen = Promise.all([residentMegabytes(pid), openFiles(pid)])
    const [megabytes, files] = await seen.catch(() => []) // killed at this moment
    if (megabytes === undefined || files === undefined) return
    this.#samples.push({ pid, at: performance.now() - this.#began, megabytes, files })
  }

  /** Of the process that lived last: one that was killed has taken its memory with it. */
  report(): MemoryReport {
    const pid = this.#samples.at(-1)?.pid
    const own = this.#samples.filter((sample) => sample.pid === pid)
    const warm =
      (own[0]?.at ?? 0) + Math.min(60_000, ((own.at(-1)?.at ?? 0) - (own[0]?.at ?? 0)) / 3)
    const samples = own.filter(({ at }) => at >= warm)
    const third = Math.ceil(samples.length / 3)
    const files = samples.map((sample) => sample.files)
    return {
      minutes: round(((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0)) / 60_000),
      firstMegabytes: round(median(samples.slice(0, third).map(({ megabytes }) => megabytes))),
      lastMegabytes: round(median(samples.slice(-third).map(({ megabytes }) => megabytes))),
      megabytesAnHour: round(slope(samples) * 3_600_000),
      megabytes: byMinute(samples),
      filesFirst: median(files.slice(0, third)),
      filesLast: median(files.slice(-third)),
      filesMost: Math.max(...files),
    }
  }
}

function byMinute(samples: readonly Sample[]): number[] {
  const minuteOf = ({ at }: Sample) => Math.floor((at - (samples[0]?.at ?? 0)) / 60_000)
  return [...Map.groupBy(samples, minuteOf).values()].map((some) =>
    round(median(some.map(({ megabytes }) => megabytes))),
  )
}

function slope(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const at = mean(samples.map((sample) => sample.at))
  const height = mean(samples.map((sample) => sample.megabytes))
  const covariance = samples.reduce(
    (sum, each) => sum + (each.at - at) * (each.megabytes - height),
    0,
  )
  return covariance / samples.reduce((sum, each) => sum + (each.at - at) ** 2, 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
