import { setTimeout as sleep } from 'node:timers/promises'
import type { Access, Opened } from '../access.ts'

const shortestMs = 1000

/**
 * Looks now and then, while another server is followed, whether the one that usually comes first is
 * there again, and then ends the connection to the stand-in: a stand-in may lag behind, or have only
 * a part of the people.
 */
export class FailBack implements Disposable {
  readonly #stop = new AbortController()
  #isDue = false

  constructor(access: Access, opened: Opened<unknown>) {
    void this.#watch(access, opened).catch(() => {})
  }

  /** Whether the connection was ended for that. */
  get isDue(): boolean {
    return this.#isDue
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
  }

  async #watch(access: Access, { server, channel }: Opened<unknown>): Promise<void> {
    const { signal } = this.#stop
    for (;;) {
      await sleep(Math.max(access.restMs, shortestMs), undefined, { signal, ref: false })
      if (!(await access.isBetterThere(server, signal))) continue
      this.#isDue = true
      access.preferNobody()
      return channel[Symbol.asyncDispose]()
    }
  }
}
