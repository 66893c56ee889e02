import type { Channel } from './channel.ts'
import { ChannelClosed } from './channel.ts'

export type OpenChannel = (signal: AbortSignal) => Promise<Channel>

/** Firewalls forget a connection that is silent for long, and tell nobody. */
const longestIdleMs = 60_000

/**
 * A few connections that stay open. Each is used by one at a time; whoever finds none waits for his
 * turn. One that failed is thrown away.
 */
export class ChannelPool implements AsyncDisposable {
  readonly #open: OpenChannel
  readonly #now: () => number
  #free: number
  readonly #waiting: (() => void)[] = []
  #idle: { readonly channel: Channel; readonly since: number }[] = []

  constructor(open: OpenChannel, size: number, now: () => number) {
    this.#open = open
    this.#free = size
    this.#now = now
  }

  /**
   * What `use` makes of a connection. An open one that turns out to be gone is replaced once by a
   * new one.
   */
  async with<Found>(
    signal: AbortSignal,
    use: (channel: Channel) => Promise<Found>,
  ): Promise<Found> {
    await this.#turn(signal)
    try {
      const kept = this.#take()
      if (kept) {
        try {
          return await this.#use(kept, use)
        } catch (error) {
          if (!(error instanceof ChannelClosed) || signal.aborted) throw error
        }
      }
      return await this.#use(await this.#open(signal), use)
    } finally {
      this.#free += 1
      this.#waiting.shift()?.()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const idle = this.#idle
    this.#idle = []
    await Promise.all(idle.map(({ channel }) => channel[Symbol.asyncDispose]()))
  }

  async #use<Found>(channel: Channel, use: (channel: Channel) => Promise<Found>): Promise<Found> {
    try {
      const found = await use(channel)
      this.#idle.push({ channel, since: this.#now() })
      return found
    } catch (error) {
      await channel[Symbol.asyncDispose]()
      throw error
    }
  }

  #take(): Channel | undefined {
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (this.#now() - kept.since < longestIdleMs) return kept.channel
      void kept.channel[Symbol.asyncDispose]()
    }
    return undefined
  }

  async #turn(signal: AbortSignal): Promise<void> {
    while (this.#free === 0) {
      signal.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const onAbort = () => {
        const at = this.#waiting.indexOf(resolve)
        if (at !== -1) this.#waiting.splice(at, 1)
        reject(signal.reason)
      }
      this.#waiting.push(resolve)
      signal.addEventListener('abort', onAbort, { once: true })
      await promise.finally(() => signal.removeEventListener('abort', onAbort))
    }
    this.#free -= 1
  }
}
