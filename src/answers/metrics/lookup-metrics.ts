import type { Metric, Registry } from 'prom-client'
import { latencyBounds, type LookupTally } from '../realtime/lookup-tally.ts'

/**
 * What Asterisk asked, out of counters that are counted anyway: prom-client is only asked to print
 * them, so a look-up costs nothing more for being measured.
 */
export function registerLookups(registry: Registry, tallies: readonly LookupTally[]): void {
  register(registry, {
    name: 'peerage_lookups_total',
    help: 'Realtime questions of Asterisk. found, empty (nobody there), kept (a write)',
    type: 'counter',
    values: () =>
      tallies.flatMap(({ family, verb, counts }) =>
        Object.entries(counts).map(([result, value]) => ({
          value,
          labels: { family, verb, result },
        })),
      ),
  })
  register(registry, {
    name: 'peerage_lookup_seconds',
    help: 'Time until a realtime question was answered, or a write was kept',
    type: 'histogram',
    values: () => tallies.filter(({ buckets }) => buckets.some(Boolean)).flatMap(histogramOf),
  })
}

interface Value {
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
  readonly metricName?: string
}

interface Printed {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly values: () => readonly Value[]
}

function register(registry: Registry, { values, ...about }: Printed): void {
  const metric = { ...about, aggregator: 'sum', get: async () => ({ ...about, values: values() }) }
  // A registry asks of a metric only its name and `get`.
  registry.registerMetric(metric as unknown as Metric)
}

function histogramOf({ family, verb, buckets, totalSeconds }: LookupTally): Value[] {
  const metricName = 'peerage_lookup_seconds'
  const labels = { family, verb }
  let count = 0
  const cumulated = [...latencyBounds, '+Inf'].map((bound, at) => {
    count += buckets[at] ?? 0
    return {
      value: count,
      labels: { le: String(bound), ...labels },
      metricName: `${metricName}_bucket`,
    }
  })
  return [
    ...cumulated,
    { value: totalSeconds, labels, metricName: `${metricName}_sum` },
    { value: count, labels, metricName: `${metricName}_count` },
  ]
}
