import { Counter, Gauge, Registry } from 'prom-client'
import type { People } from '../../people/people.ts'
import type { Pbx } from '../../pbx/pbx.ts'
import type { Sync } from '../../sync/sync.ts'
import type { LookupTally } from '../realtime/lookup-tally.ts'
import type { Ari } from '../ari/ari.ts'
import {
  allowedPhones,
  lastPhoneUse,
  registeredPhones,
  type Counts,
  type PhoneMetricsDeps,
} from './phone-metrics.ts'
import { registerLookups } from './lookup-metrics.ts'
import { processMetrics } from './process-metrics.ts'
import type { RunTally } from './run-tally.ts'

export interface MetricsDeps extends PhoneMetricsDeps {
  readonly people: People
  readonly syncs: readonly Sync[]
  readonly pbx: Pick<Pbx, 'status'>
  readonly ari: Pick<Ari, 'status'>
  readonly tallies: readonly LookupTally[]
  readonly runTally: RunTally
}

/**
 * What a monitoring system is told, in the words of Prometheus. Everything is read when it asks:
 * nothing is counted here, and no name, number or secret of a person is among it.
 */
export function openMetrics(deps: MetricsDeps): Registry {
  const registry = Registry.merge([processMetrics()])
  registerLookups(registry, deps.tallies)
  registerSources(registry, deps)
  registerAsterisks(registry, deps)
  registerPhones(registry, deps)
  return registry
}

function registerSources(registry: Registry, { people, syncs, runTally, now }: MetricsDeps): void {
  const bySource = (name: string, help: string, read: (sync: Sync) => number | null): void => {
    register(registry, name, help, 'source', (set) => {
      for (const sync of syncs) {
        const value = read(sync)
        if (value !== null) set(sync.name, value)
      }
    })
  }
  bySource('peerage_people', 'People of the source, the disabled too', ({ name }) =>
    people.countOf(name),
  )
  bySource(
    'peerage_data_age_seconds',
    'Since the last complete read; absent: never',
    ({ readAt }) => (readAt === null ? null : (now() - readAt) / 1000),
  )
  bySource('peerage_last_run_ok', '1: the last complete read was applied', ({ lastRun }) =>
    lastRun === null ? null : Number(lastRun.outcome === 'done'),
  )
  bySource('peerage_last_run_seconds', 'How long the last complete read took', ({ lastRun }) =>
    lastRun === null ? null : (lastRun.finishedAt - lastRun.startedAt) / 1000,
  )
  bySource('peerage_problems', 'Problems of entries at the last complete read', ({ lastRun }) =>
    lastRun === null ? null : lastRun.counts.problems,
  )
  bySource('peerage_plan_held', '1: a plan waits for a decision', ({ heldPlan }) =>
    Number(heldPlan !== null),
  )
  const runs = new Counter({
    name: 'peerage_runs_total',
    help: 'Reads of directories since the start',
    labelNames: ['source', 'outcome'],
    registers: [],
    collect() {
      this.reset()
      for (const { source, outcome, count } of runTally.all()) this.inc({ source, outcome }, count)
    },
  })
  registry.registerMetric(runs)
}

function registerAsterisks(registry: Registry, { pbx, ari }: MetricsDeps): void {
  register(registry, 'peerage_asterisk_connected', '1: told of changes', 'asterisk', (set) => {
    for (const { name, connected } of pbx.status()) set(name, Number(connected))
  })
  register(registry, 'peerage_asterisk_expired', 'Cached answers taken back', 'asterisk', (set) => {
    for (const { name, expired } of pbx.status()) set(name, expired)
  })
  register(
    registry,
    'peerage_ari_connected',
    '1: its calls are answered by ARI',
    'asterisk',
    (set) => {
      for (const { name, connected } of ari.status()) set(name, Number(connected))
    },
  )
  register(registry, 'peerage_ari_calls', 'Calls that were answered by ARI', 'asterisk', (set) => {
    for (const { name, calls } of ari.status()) set(name, calls)
  })
  register(
    registry,
    'peerage_ari_stranded',
    'Calls that went on without an answer',
    'asterisk',
    (set) => {
      for (const { name, stranded } of ari.status()) set(name, stranded)
    },
  )
}

function registerPhones(registry: Registry, deps: MetricsDeps): void {
  const byMaker = (name: string, help: string, count: (deps: MetricsDeps) => Counts): void =>
    register(registry, name, help, 'maker', (set) => {
      for (const [maker, value] of count(deps)) set(maker, value)
    })
  byMaker('peerage_phones_registered', 'Telephones that are registered', registeredPhones)
  byMaker('peerage_phones_allowed', 'Phones that may read the phone book', allowedPhones)
  byMaker('peerage_phones_last_use_seconds', 'Since one read the phone book', lastPhoneUse)
}

function register(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  collect: (set: (of: string, value: number) => void) => void,
): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [],
    collect() {
      this.reset()
      collect((of, value) => this.set({ [label]: of }, value))
    },
  })
  registry.registerMetric(gauge)
}
