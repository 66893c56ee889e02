import { DirectoryIncomplete, DirectoryUnavailable, type SourceLog } from '../source.ts'
import type { Channel } from './channel.ts'
import { StepFailed, connect } from './connect.ts'
import type { LdapSettings, LdapSurroundings } from './ldap-settings.ts'
import { remedyFor } from './remedy.ts'
import { isPassing } from './result-codes.ts'
import { SearchRefused } from './search.ts'
import { type Server, serverUrl } from './server.ts'
import { ServerList } from './server-list.ts'
import { serversOfDomain } from './srv.ts'
import { within } from './waiting.ts'

/** A channel to the first server that let us in and did what was tried. */
export interface Opened<Found> {
  readonly server: Server
  readonly channel: Channel
  readonly found: Found
}

/**
 * The way to the servers of one source: which to try, in which order, and how to say that none
 * would do. Every `open` is a connection of its own.
 */
export class Access {
  readonly #name: string
  readonly #settings: LdapSettings
  readonly #log: SourceLog
  readonly #servers: ServerList

  constructor(
    name: string,
    settings: LdapSettings,
    log: SourceLog,
    { now = Date.now, resolveSrv }: LdapSurroundings,
  ) {
    this.#name = name
    this.#settings = settings
    this.#log = log
    const { servers } = settings
    const find = async (signal: AbortSignal) => {
      if (!('domain' in servers)) return servers
      const found = serversOfDomain(servers.domain, servers.tls, resolveSrv)
      return within(found, settings.connect.connectMs, signal)
    }
    this.#servers = new ServerList(find, settings.restMs, now)
  }

  /** Where the source stands in the configuration. */
  get path(): string {
    return `sources.${this.#name}`
  }

  /** Throws the plain error of DNS. */
  inOrder(signal: AbortSignal): Promise<readonly Server[]> {
    return this.#servers.inOrder(signal)
  }

  prefer(server: Server): void {
    this.#servers.prefer(server)
  }

  preferNobody(): void {
    this.#servers.preferNobody()
  }

  /** How long a server that failed is left alone. */
  get restMs(): number {
    return this.#settings.restMs
  }

  /** Whether a server that failed, and usually comes before this one, is there. Nobody logs in. */
  async isBetterThere(than: Server, signal: AbortSignal): Promise<boolean> {
    for (const server of this.#servers.failedBefore(than)) {
      try {
        const channel = await connect(server, { ...this.#settings.connect, bind: null }, signal)
        await channel[Symbol.asyncDispose]()
        return true
      } catch {
        signal.throwIfAborted()
      }
    }
    return false
  }

  failed(server: Server): void {
    this.#servers.failed(server)
  }

  succeeded(server: Server): void {
    this.#servers.succeeded(server)
  }

  /**
   * The first server that lets us in and with which the attempt works. Throws
   * `DirectoryUnavailable` with the reasons of all, or `DirectoryIncomplete` for a refusal that
   * another server would repeat.
   */
  async open<Found>(
    signal: AbortSignal,
    attempt: (channel: Channel) => Promise<Found>,
  ): Promise<Opened<Found>> {
    const reasons: string[] = []
    let refusal: StepFailed | undefined
    for (const server of await this.#find(signal)) {
      let channel: Channel | null = null
      try {
        channel = await connect(server, this.#settings.connect, signal)
        const found = await attempt(channel)
        if (reasons.length > 0) {
          this.#log.warn(
            { source: this.#name, server: serverUrl(server), reasons },
            'another server serves',
          )
        }
        return { server, channel, found }
      } catch (error) {
        await channel?.[Symbol.asyncDispose]()
        signal.throwIfAborted()
        // Who answers, and refuses this very search, would not do better elsewhere.
        const isRefused = error instanceof SearchRefused && !isPassing(error.result.code)
        if (isRefused || error instanceof DirectoryIncomplete) throw this.incomplete(server, error)
        const isNamed = error instanceof StepFailed
        const reason = isNamed ? error.message : `${serverUrl(server)}: ${text(error)}`
        reasons.push(`${reason}${remedyFor(error, this.path)}`)
        // The same wrong password at every server would lock the account sooner.
        if (isNamed && error.isRefusal) {
          refusal = error
          break
        }
        this.#servers.failed(server)
      }
    }
    const reason = `directory '${this.#name}': ${reasons.join('; ')}`
    throw new DirectoryUnavailable(reason, { cause: refusal })
  }

  incomplete(server: Server, error: unknown, remedy?: string): DirectoryIncomplete {
    const end = remedy ?? remedyFor(error, this.path)
    const reason = `${serverUrl(server)}: the read is not complete: ${text(error)}${end}`
    return new DirectoryIncomplete(`directory '${this.#name}': ${reason}`, { cause: error })
  }

  async #find(signal: AbortSignal): Promise<readonly Server[]> {
    try {
      return await this.#servers.inOrder(signal)
    } catch (error) {
      signal.throwIfAborted()
      const reason = `directory '${this.#name}': ${text(error)}; check ${this.path}.domain`
      throw new DirectoryUnavailable(reason, { cause: error })
    }
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
