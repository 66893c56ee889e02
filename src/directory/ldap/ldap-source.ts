import {
  type CheckStep,
  DirectoryIncomplete,
  DirectoryUnavailable,
  type DirectorySource,
  type Entry,
  type EntryBatch,
  type EntryProblem,
  type EntryRequest,
  type SourceLog,
} from '../source.ts'
import { parseFilter } from '../filter.ts'
import type { Channel } from './channel.ts'
import { checkLdap } from './check.ts'
import { StepFailed, connect } from './connect.ts'
import { EntryDecoder, type RawEntry } from '../entry.ts'
import type { LdapSettings, LdapSurroundings } from './ldap-settings.ts'
import { completeRanges } from './ranges.ts'
import { remedyFor } from './remedy.ts'
import { isPassing } from './result-codes.ts'
import { type Search, SearchRefused, searchPages } from './search.ts'
import { type Server, serverUrl } from './server.ts'
import { ServerList } from './server-list.ts'
import { serversOfDomain } from './srv.ts'
import { within } from './waiting.ts'

/**
 * A directory behind LDAP. Each read has a connection of its own: opened, bound, read to the end,
 * closed. So a read is one user's view of one server, and no other operation can change that under
 * way. The first server that answers is read; a read that broke off is never continued elsewhere.
 */
export class LdapSource implements DirectorySource {
  readonly name: string
  readonly #settings: LdapSettings
  readonly #request: EntryRequest
  readonly #search: Search
  readonly #servers: ServerList
  readonly #decoder: EntryDecoder
  readonly #log: SourceLog

  constructor(
    name: string,
    settings: LdapSettings,
    request: EntryRequest,
    log: SourceLog,
    { now = Date.now, resolveSrv }: LdapSurroundings = {},
  ) {
    this.name = name
    this.#settings = settings
    this.#request = request
    this.#log = log
    this.#decoder = new EntryDecoder(request.id)
    this.#search = {
      base: settings.base,
      scope: settings.scope,
      filter: parseFilter(settings.filter ?? request.filter),
      attributes: wantedAttributes(request),
    }
    const { servers } = settings
    const find = async (signal: AbortSignal) => {
      if (!('domain' in servers)) return servers
      const found = serversOfDomain(servers.domain, servers.tls, resolveSrv)
      return within(found, settings.connect.connectMs, signal)
    }
    this.#servers = new ServerList(find, settings.restMs, now)
  }

  async *read(signal: AbortSignal): AsyncGenerator<EntryBatch, void> {
    const { server, channel, pages, first } = await this.#openRead(signal)
    await using stack = new AsyncDisposableStack()
    stack.use(channel)
    try {
      // Without the right to read, a server says "success" and shows nobody: not to be told apart.
      if (first.done) throw new NobodyFound(this.#search.base)
      yield await this.#decode(channel, first.value, signal)
      for await (const page of pages) yield await this.#decode(channel, page, signal)
      this.#servers.succeeded(server)
    } catch (error) {
      signal.throwIfAborted()
      if (isServersFault(error)) this.#servers.failed(server)
      throw this.#incomplete(server, error)
    }
  }

  check(signal: AbortSignal): AsyncGenerator<CheckStep, void> {
    const { servers, connect, pageSize, silenceMs } = this.#settings
    return checkLdap({
      connect,
      domain: 'domain' in servers ? servers.domain : null,
      path: this.#path,
      search: this.#search,
      requested: this.#request,
      pageSize,
      options: { silenceMs, signal },
      findServers: () => this.#servers.inOrder(signal),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** The first server that lets us in and gives a first page. */
  async #openRead(signal: AbortSignal) {
    const reasons: string[] = []
    for (const server of await this.#findServers(signal)) {
      let channel: Channel | null = null
      try {
        channel = await connect(server, this.#settings.connect, signal)
        const pages = this.#pages(channel, signal)
        const first = await pages.next()
        if (reasons.length > 0) {
          this.#log.warn(
            { source: this.name, server: serverUrl(server), reasons },
            'another server serves',
          )
        }
        return { server, channel, pages, first }
      } catch (error) {
        await channel?.[Symbol.asyncDispose]()
        signal.throwIfAborted()
        // Who answers, and refuses this very search, would not do better elsewhere.
        const isRefused = error instanceof SearchRefused && !isPassing(error.result.code)
        if (isRefused || error instanceof DirectoryIncomplete) throw this.#incomplete(server, error)
        const isNamed = error instanceof StepFailed
        const reason = isNamed ? error.message : `${serverUrl(server)}: ${text(error)}`
        reasons.push(`${reason}${remedyFor(error, this.#path)}`)
        // The same wrong password at every server would lock the account sooner.
        if (isNamed && error.isRefusal) break
        this.#servers.failed(server)
      }
    }
    throw new DirectoryUnavailable(`directory '${this.name}': ${reasons.join('; ')}`)
  }

  async #findServers(signal: AbortSignal): Promise<readonly Server[]> {
    try {
      return await this.#servers.inOrder(signal)
    } catch (error) {
      signal.throwIfAborted()
      const reason = `directory '${this.name}': ${text(error)}; check ${this.#path}.domain`
      throw new DirectoryUnavailable(reason, { cause: error })
    }
  }

  #pages(channel: Channel, signal: AbortSignal) {
    const { pageSize, silenceMs } = this.#settings
    return searchPages(channel, this.#search, pageSize, { silenceMs, signal })
  }

  async #decode(
    channel: Channel,
    page: readonly RawEntry[],
    signal: AbortSignal,
  ): Promise<EntryBatch> {
    const entries: Entry[] = []
    const problems: EntryProblem[] = []
    for (const raw of page) {
      const whole = await completeRanges(channel, raw, {
        silenceMs: this.#settings.silenceMs,
        signal,
      })
      const decoded = this.#decoder.decode(whole)
      entries.push(decoded.entry)
      problems.push(...decoded.problems)
    }
    return { entries, problems }
  }

  get #path(): string {
    return `sources.${this.name}`
  }

  #incomplete(server: Server, error: unknown): DirectoryIncomplete {
    const isEmpty = error instanceof NobodyFound
    const remedy = isEmpty
      ? `; check ${this.#path}.base and filter, and what the account in ${this.#path}.bind may read`
      : remedyFor(error, this.#path)
    const reason = `${serverUrl(server)}: the read is not complete: ${text(error)}${remedy}`
    return new DirectoryIncomplete(`directory '${this.name}': ${reason}`, { cause: error })
  }
}

class NobodyFound extends Error {
  constructor(base: string) {
    super(`no entry below "${base}" fits the filter`)
  }
}

/** The id always comes too. An empty list would mean "all attributes". */
function wantedAttributes({ attributes, id }: EntryRequest): string[] {
  const wanted = new Map([...attributes, id.attribute].map((name) => [name.toLowerCase(), name]))
  return [...wanted.values()]
}

function isServersFault(error: unknown): boolean {
  return !(error instanceof SearchRefused || error instanceof NobodyFound)
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
