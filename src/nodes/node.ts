import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import type { SharedState } from '../state/shared-state.ts'
import { follow, type Followed } from './follow.ts'

export interface NodeDeps extends Followed {
  readonly shared: SharedState
  readonly log: Logger
  /** Keeps everything in sync until the signal ends it; resolves when the first reads are done. */
  readonly synchronise: (signal: AbortSignal) => Promise<unknown>
  /** Resolves when nothing of it is on its way any more. */
  readonly idle: () => Promise<void>
}

/** How often the lease is renewed or watched, and changes are looked for that nobody nudged about. */
const beatMs = 1_000
const pruneEveryMs = 60_000

const deafText =
  'what PostgreSQL notifies of does not arrive, as through a pooler of transactions: changes of other nodes are seen within a second; name PostgreSQL itself in state to see them at once'

/**
 * One of several nodes on one state. It follows what the others write, and synchronises while it
 * holds the lease. It never waits for the state to answer Asterisk: what is here is in memory, and
 * while the state is away it answers from what it knew last.
 */
export class Node implements AsyncDisposable {
  readonly #deps: NodeDeps
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  readonly #first = Promise.withResolvers<void>()
  #term: AbortController | null = null
  #ended: Promise<void> | null = null
  #problem: string | null = null
  #following: Promise<void> | null = null
  #isNudged = false
  #mustReadAll = false
  #prunedAt = performance.now()
  #isDeaf = false

  constructor(deps: NodeDeps) {
    this.#deps = deps
    deps.shared.rows.onDelivered((kind, keys) => {
      void deps.state[kind].refresh(keys).catch(() => (this.#mustReadAll = true))
    })
    this.#running = this.#run()
  }

  /** Settles when this node has read every directory once, or follows one that does. */
  get ready(): Promise<void> {
    return this.#first.promise
  }

  get health() {
    const { lease, rows } = this.#deps.shared
    const hasState = this.#problem === null
    return { synchronises: lease.isHeld, hasState, undelivered: rows.undelivered }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    this.#term?.abort()
    await this.#running
    await this.#following
    await this.#deps.idle()
    await this.#deps.shared.lease.release().catch(() => undefined)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const begun = performance.now()
      await this.#beat().then(
        () => this.#tellBack(),
        (error: unknown) => this.#tellAway(error),
      )
      const restMs = Math.max(beatMs - (performance.now() - begun), 0)
      await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  async #beat(): Promise<void> {
    const { shared } = this.#deps
    // Who lost the lease waits until all that he had begun has failed or ended.
    if (this.#ended === null) await shared.lease.beat().finally(() => this.#endTerm())
    await shared.nudged(this.#nudged)
    this.#tellDeaf()
    await this.#follow()
    if (shared.lease.isHeld && this.#term === null) await this.#beginTerm()
    if (!shared.lease.isHeld) this.#first.resolve()
    if (this.#term && performance.now() - this.#prunedAt > pruneEveryMs) {
      this.#prunedAt = performance.now()
      await shared.prune()
    }
  }

  readonly #nudged = (): void => {
    this.#isNudged = true
    void this.#follow().catch(() => undefined) // the beat says what is wrong
  }

  /** One at a time; who comes meanwhile has it done once more. */
  #follow(): Promise<void> {
    this.#isNudged = true
    this.#following ??= this.#followAll()
    return this.#following
  }

  async #followAll(): Promise<void> {
    try {
      await Promise.resolve() // so that `finally` comes after this promise is noted
      while (this.#isNudged && !this.#stopping.signal.aborted) await this.#followSome()
    } finally {
      this.#following = null
    }
  }

  async #followSome(): Promise<void> {
    const { shared, log } = this.#deps
    this.#isNudged = false
    const changes = await shared.changes.take()
    if (changes === null && !this.#mustReadAll) return
    const isLost = changes === null || changes === 'lost' || this.#mustReadAll
    if (isLost) log.info({}, 'reading everything from the state again')
    // Until it succeeds: what was taken is not announced again.
    this.#mustReadAll = true
    await follow(isLost ? 'lost' : changes, this.#deps)
    this.#mustReadAll = false
    // There may be more than are taken at once.
    this.#isNudged = true
  }

  async #beginTerm(): Promise<void> {
    const { state, shared, syncs, log, synchronise } = this.#deps
    await Promise.all([state.runs.refresh(), state.plans.refresh(), state.notices.refresh()])
    for (const sync of syncs) {
      await sync.catchUp()
      await sync.open()
    }
    const term = (this.#term = new AbortController())
    log.info({}, 'this node synchronises from now on')
    void synchronise(AbortSignal.any([term.signal, this.#stopping.signal])).then(
      () => this.#first.resolve(),
      (error: unknown) => {
        log.error({ problem: String(error) }, 'synchronising did not begin, another node may try')
        return shared.lease.release().catch(() => undefined)
      },
    )
  }

  #endTerm(): void {
    if (this.#term === null || this.#deps.shared.lease.epoch !== null) return
    this.#deps.log.warn({}, 'this node does not synchronise any more, it follows')
    this.#term.abort()
    this.#term = null
    // Of what it had begun, some may be kept that is not in memory.
    this.#mustReadAll = true
    this.#ended = this.#deps.idle().finally(() => (this.#ended = null))
  }

  #tellDeaf(): void {
    const { log, shared } = this.#deps
    if (shared.isDeaf && !this.#isDeaf) log.warn({}, deafText)
    this.#isDeaf = shared.isDeaf
  }

  #tellAway(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error)
    if (this.#problem === null) {
      this.#deps.log.error({ problem }, 'the state is away, answering from memory')
    }
    this.#problem = problem
  }

  #tellBack(): void {
    if (this.#problem !== null) this.#deps.log.info({}, 'the state is there again')
    this.#problem = null
  }
}
