import type { DirectorySource } from '../directory/source.ts'
import type { Logger } from '../logger.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { People } from '../people/people.ts'
import type { Run, RunCounts, RunReason } from '../state/runs.ts'
import type { SecretPolicy } from '../state/secrets.ts'
import type { State } from '../state/state.ts'
import { readPeople } from './read-people.ts'

/** A source and what belongs to it. */
export interface SyncedSource {
  readonly source: DirectorySource
  readonly mapping: Mapping
  readonly secrets: SecretPolicy
}

export interface SyncDeps {
  readonly people: People
  readonly state: Pick<State, 'people' | 'secrets' | 'runs'>
  readonly log: Logger
  readonly now: () => number
}

/**
 * Keeps the people of one source as the directory has them. The only writer of `People`.
 *
 * Read to the end, hold against today's people, keep the difference in the state, apply it at
 * once. A read that failed or is not proven complete changes nothing.
 */
export class Sync {
  readonly name: string
  readonly #synced: SyncedSource
  readonly #deps: SyncDeps
  #running: Promise<Run> | null = null
  #next: Promise<Run> | null = null
  #lastRun: Run | null = null
  /** When the last complete read ended, in milliseconds since 1970; null: never. */
  #readAt: number | null

  constructor(synced: SyncedSource, deps: SyncDeps, readAt: number | null) {
    this.name = synced.source.name
    this.#synced = synced
    this.#deps = deps
    this.#readAt = readAt
  }

  get readAt(): number | null {
    return this.#readAt
  }

  get lastRun(): Run | null {
    return this.#lastRun
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /**
   * Runs now. Whoever asks while a run is on its way shares the *next* one: the running read may
   * have passed what he just changed. Never rejects; a failure is a run with the outcome `failed`.
   */
  run(reason: RunReason, signal: AbortSignal): Promise<Run> {
    if (!this.#running) return this.#start(reason, signal)
    this.#next ??= this.#running.then(() => {
      this.#next = null
      return this.#start(reason, signal)
    })
    return this.#next
  }

  /** Resolves when nothing is on its way; for closing. */
  async idle(): Promise<void> {
    while (this.#running) await (this.#next ?? this.#running)
  }

  #start(reason: RunReason, signal: AbortSignal): Promise<Run> {
    this.#running = this.#execute(reason, signal).finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #execute(reason: RunReason, signal: AbortSignal): Promise<Run> {
    const { now, state, log } = this.#deps
    const id = state.runs.begin()
    const begun = { id, source: this.name, reason, startedAt: now() }
    const run = await this.#attempt(id, signal).then(
      (report): Run => ({ ...begun, ...report, finishedAt: now(), outcome: 'done', error: null }),
      (error: unknown): Run => ({
        ...begun,
        finishedAt: now(),
        outcome: 'failed',
        error: error instanceof Error ? error.message : String(error),
        counts: nothing,
        problems: [],
      }),
    )
    this.#lastRun = run
    await state.runs.save(run).catch((error: unknown) => {
      log.error(
        { source: this.name, run: id, problem: String(error) },
        'report of the run not kept',
      )
    })
    this.#report(run)
    return run
  }

  async #attempt(id: number, signal: AbortSignal): Promise<Pick<Run, 'counts' | 'problems'>> {
    const { people, state, now } = this.#deps
    const { source, mapping, secrets } = this.#synced
    const read = await readPeople(source, mapping, people, id, now, signal)
    const { change } = read
    // Secrets first and everything kept before anybody is told: no phone may learn a secret that
    // a crash could lose.
    await state.secrets.provide(read.secrets, secrets)
    await state.people.save(change, now())
    const readAt = now()
    await state.people.saveAge(this.name, readAt, id)
    people.apply(change)
    this.#readAt = readAt
    const added = change.put.filter(({ before }) => !before).length
    return {
      counts: {
        entries: read.entries,
        people: read.secrets.size,
        added,
        changed: change.put.length - added,
        removed: change.removed.length,
        problems: read.problemCount,
      },
      problems: read.problems,
    }
  }

  #report(run: Run): void {
    const { log } = this.#deps
    const about = {
      source: run.source,
      run: run.id,
      reason: run.reason,
      ms: run.finishedAt - run.startedAt,
    }
    if (run.outcome === 'done') return log.info({ ...about, ...run.counts }, 'directory read')
    const since = this.#readAt === null ? 'never read' : new Date(this.#readAt).toISOString()
    log.warn(
      { ...about, problem: run.error, answeringFrom: since },
      'directory not read, answering from the last good people',
    )
  }
}

const nothing: RunCounts = { entries: 0, people: 0, added: 0, changed: 0, removed: 0, problems: 0 }
