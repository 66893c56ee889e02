import { type Server, serverUrl } from './server.ts'

/**
 * The servers of a source in the order to try them. One that failed is remembered for a while and
 * stands behind the others, so that nobody waits for it at each read; after that time the order is
 * the configured one again.
 */
export class ServerList {
  readonly #find: (signal: AbortSignal) => Promise<readonly Server[]>
  readonly #restMs: number
  readonly #now: () => number
  readonly #failedAt = new Map<string, number>()
  #preferred: string | null = null
  #found: readonly Server[] = []

  constructor(
    find: (signal: AbortSignal) => Promise<readonly Server[]>,
    restMs: number,
    now: () => number,
  ) {
    this.#find = find
    this.#restMs = restMs
    this.#now = now
  }

  /** Asked anew each time: DNS may name other servers by now. */
  async inOrder(signal: AbortSignal): Promise<Server[]> {
    const servers = await this.#find(signal)
    this.#found = servers
    const rank = (server: Server) =>
      this.#rests(server) ? 2 : serverUrl(server) === this.#preferred ? 0 : 1
    return [...servers].sort((a, b) => rank(a) - rank(b))
  }

  /**
   * From now on first, unless it failed: the server whose changes are followed is also the one to
   * read from, since another may not have them yet.
   */
  prefer(server: Server): void {
    this.#preferred = serverUrl(server)
  }

  /** Everybody in the usual place again, also who failed. */
  preferNobody(): void {
    this.#preferred = null
    this.#failedAt.clear()
  }

  /** Those that usually come before this one, and failed. */
  failedBefore(server: Server): readonly Server[] {
    const place = this.#found.findIndex((each) => serverUrl(each) === serverUrl(server))
    return this.#found
      .slice(0, Math.max(place, 0))
      .filter((each) => this.#failedAt.has(serverUrl(each)))
  }

  failed(server: Server): void {
    this.#failedAt.set(serverUrl(server), this.#now())
  }

  succeeded(server: Server): void {
    this.#failedAt.delete(serverUrl(server))
  }

  #rests(server: Server): boolean {
    const failedAt = this.#failedAt.get(serverUrl(server))
    return failedAt !== undefined && this.#now() - failedAt < this.#restMs
  }
}
