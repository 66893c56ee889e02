import type { Config } from './config/schema.ts'
import { openSynced } from './open-synced.ts'
import type { Site } from './person/site.ts'
import type { Run, RunReason } from './state/runs.ts'
import type { State } from './state/state.ts'
import { DroppedSource } from './sync/dropped-source.ts'
import { keepInSync } from './sync/schedule.ts'
import { neverRead } from './sync/source-clock.ts'
import { Sync } from './sync/sync.ts'
import type { SyncDeps } from './sync/synced-source.ts'

export interface SourcesDeps extends SyncDeps {
  readonly state: State
}

/** The directories of the configuration, and who was left of others. */
export interface Sources {
  readonly syncs: readonly Sync[]
  /** Sources that are not configured any more. */
  readonly dropped: readonly DroppedSource[]
  /** Reads the named source, or all, now. Resolves with nothing where another node synchronises. */
  sync(source?: string, reason?: RunReason): Promise<readonly Run[]>
  /** For a node that synchronises from now on: what waits for somebody since before. */
  takeUp(): Promise<void>
  /** Reads, and follows what changes until the signal ends it. Resolves when all were read once. */
  synchronise(signal: AbortSignal): Promise<readonly Run[]>
  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void>
}

/** Opens what is known of each source; no directory is asked yet. They are closed with the stack. */
export async function openSources(
  config: Config,
  site: Site,
  deps: SourcesDeps,
  stack: AsyncDisposableStack,
): Promise<Sources> {
  const { people, state, log, now } = deps
  const { lease, shared } = state
  const clocks = await state.people.readSources()
  const sources = Object.entries(config.sources).map(([name, options]) => {
    const synced = openSynced(name, config, site, log)
    const source = stack.use(synced.source)
    return { source, options, sync: new Sync(synced, deps, clocks.get(name) ?? neverRead) }
  })
  const syncs = sources.map(({ sync }) => sync)
  for (const each of syncs) await (shared ? each.catchUp() : each.open())
  const dropped: DroppedSource[] = shared ? [] : await openDropped(config, deps)
  for (const { name, readAt } of syncs) {
    if (readAt === null) log.info({ source: name }, 'source was never read so far')
    else {
      const ageSeconds = Math.round((now() - readAt) / 1000)
      const known = people.countOf(name)
      log.info({ source: name, people: known, ageSeconds }, 'answering from the last good people')
    }
  }
  return {
    syncs,
    dropped,
    async sync(source, reason = 'request') {
      if (!lease.isHeld) return []
      const wanted = syncs.filter(({ name }) => source === undefined || name === source)
      return Promise.all(wanted.map((each) => each.run(reason)))
    },
    async takeUp() {
      dropped.splice(0, Infinity, ...(await openDropped(config, deps)))
    },
    synchronise(signal) {
      return Promise.all(
        sources.map(({ sync, source, options }) => keepInSync(sync, source, options, log, signal)),
      )
    },
    async idle() {
      await Promise.all(syncs.map((each) => each.idle()))
    },
  }
}

/** What becomes of the people of sources that are not configured any more is somebody's decision. */
async function openDropped(config: Config, deps: SourcesDeps): Promise<DroppedSource[]> {
  const known = Object.keys(config.sources)
  const names = (await deps.state.people.sources()).filter((name) => !known.includes(name))
  const dropped = names.map((name) => new DroppedSource(name, deps))
  // A changed password is no other configuration.
  const text = JSON.stringify(config.sources, (key, value: unknown) =>
    key === 'password' ? undefined : value,
  )
  for (const each of dropped) await each.open(text)
  return dropped
}
