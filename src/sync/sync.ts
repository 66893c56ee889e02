import type { DirectorySource } from '../directory/source.ts'
import type { Run, RunReason } from '../state/runs.ts'
import type { SecretPolicy } from '../state/secret-policy.ts'
import { CompleteReads } from './complete-reads.ts'
import { decideAbout, type Decision } from './decision.ts'
import { Deltas } from './deltas.ts'
import type { Delta } from './read-delta.ts'
import type { SourceClock } from './source-clock.ts'
import type { SyncDeps, SyncedSource } from './synced-source.ts'
import { Upkeep } from './upkeep.ts'

/**
 * Keeps the people of one source as the directory has them. The only writer of `People`.
 *
 * Whatever the directory says, all of it (`complete-reads.ts`) or a delta (`deltas.ts`), becomes a
 * plan first: what would change. A plan that is too large is held; any other is kept in the state
 * and then applied at once (`upkeep.ts`).
 */
export class Sync {
  readonly name: string
  readonly #upkeep: Upkeep
  readonly #reads: CompleteReads
  readonly #deltas: Deltas

  constructor(synced: SyncedSource, deps: SyncDeps, clock: SourceClock) {
    this.name = synced.source.name
    this.#upkeep = new Upkeep(synced, deps, clock)
    this.#reads = new CompleteReads(this.#upkeep)
    this.#deltas = new Deltas(this.#upkeep, () => void this.run('change'))
  }

  /** Reads from the state what is to be known of the time before. */
  async open(): Promise<void> {
    await this.#reads.open()
    await this.#upkeep.open()
  }

  /** What another node has read meanwhile is in force here, too. Writes nothing. */
  async catchUp(): Promise<void> {
    await this.#reads.catchUp()
    await this.#upkeep.catchUp()
  }

  /** When the last complete read ended whose people are in force; null: never. */
  get readAt(): number | null {
    return this.#upkeep.clock.readAt
  }

  get clock(): SourceClock {
    return this.#upkeep.clock
  }

  /** The last complete read; deltas do not count. */
  get lastRun(): Run | null {
    return this.#reads.last
  }

  /** The plan that waits for a decision. */
  get heldPlan(): number | null {
    return this.#upkeep.held.id
  }

  get isRunning(): boolean {
    return this.#reads.isRunning
  }

  /** The directory that can be asked for single entries, if it can. */
  get readOne(): DirectorySource['readOne'] {
    const { source } = this.#upkeep.synced
    return source.readOne?.bind(source)
  }

  /**
   * Runs now. Whoever asks while a run is on its way shares the *next* one: the running read may
   * have passed what he just changed. Never rejects; a failure is a run with the outcome `failed`.
   */
  run(reason: RunReason): Promise<Run> {
    return this.#reads.run(reason)
  }

  /** Reads again, and applies the held plan if the directory still says the very same. */
  approve(plan: number, digest: string): Promise<Run> {
    return this.#reads.approve(plan, digest)
  }

  /** The held plan's changes are not proposed again until they are other ones. False: it is not held. */
  reject(plan: number): Promise<boolean> {
    return this.#upkeep.exclusively(() => this.#upkeep.held.reject(plan))
  }

  /**
   * Takes over what the directory says about single entries. Deltas that come together are one
   * run. Resolves with null when nothing came of it, or when everything is to be read again.
   */
  apply(delta: Delta): Promise<Run | null> {
    return this.#deltas.add(delta)
  }

  /** Whether the directory announces every change now: then a complete read should find nothing. */
  follows(isFollowed: boolean): void {
    this.#upkeep.isFollowed = isFollowed
  }

  /** What an administrator decides about somebody; false: he is not of this source. */
  decide(person: string, decision: Decision): Promise<boolean> {
    return this.#upkeep.exclusively(async () => {
      const { people, state, now } = this.#upkeep.deps
      const before = people.record(person)
      if (before?.person.source !== this.name) return false
      const after = decideAbout(before, decision, state.runs.begin())
      const change = { put: [{ before, after }], removed: [] }
      await state.people.save(change, now())
      this.#upkeep.touch(person)
      people.apply(change)
      return true
    })
  }

  /**
   * Gives somebody another PIN or SIP secret, because an administrator says so: a new one, or the
   * directory's, which is read for it. Null: he is not of this source.
   */
  async resetSecret(person: string, kind: 'sip' | 'pin'): Promise<'new' | 'directory' | null> {
    const { synced, deps } = this.#upkeep
    const { people, state } = deps
    if (people.record(person)?.person.source !== this.name) return null
    const isReset = await this.#upkeep.exclusively(() => {
      this.#upkeep.known.forget([person])
      return state.secrets.reset(person, kind, synced.secrets)
    })
    if (!isReset) return null
    if (synced.secrets.overwrite?.[kind] === undefined) return 'new'
    await this.run('request')
    return 'directory'
  }

  /** How its people come by their secrets. */
  get secretPolicy(): SecretPolicy {
    return this.#upkeep.synced.secrets
  }

  /** Resolves when nothing is on its way; for closing. */
  async idle(): Promise<void> {
    await this.#reads.idle()
    await this.#upkeep.idle()
  }
}
