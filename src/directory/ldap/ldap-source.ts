import { attributesIn } from '../../ldap-wire/filter.ts'
import { parseFilter } from '../filter.ts'
import type {
  CheckStep,
  DirectoryChange,
  DirectorySchema,
  DirectorySource,
  EntryBatch,
  EntryDelta,
  EntryRequest,
  EntrySelector,
  KnownEntries,
  SourceLog,
} from '../source.ts'
import { Access } from './access.ts'
import { followChanges } from './changes/follow-changes.ts'
import { KnownIds, type RunningRead } from './changes/known-ids.ts'
import type { Channel } from './channel.ts'
import { checkLdap } from './check.ts'
import { EntryReader } from './entry-reader.ts'
import type { LdapSettings, LdapSurroundings } from './ldap-settings.ts'
import { readSchema } from './schema.ts'
import { SearchRefused } from './search.ts'

/**
 * A directory behind LDAP. Each read has a connection of its own: opened, bound, read to the end,
 * closed. So a read is one user's view of one server, and no other operation can change that under
 * way. The first server that answers is read; a read that broke off is never continued elsewhere.
 * Changes are followed over a connection that stays.
 */
export class LdapSource implements DirectorySource {
  readonly name: string
  readonly changes?: (signal: AbortSignal) => AsyncIterable<DirectoryChange>
  readonly #settings: LdapSettings
  readonly #request: EntryRequest
  readonly #access: Access
  readonly #reader: EntryReader
  readonly #known = new KnownIds()

  constructor(
    name: string,
    settings: LdapSettings,
    request: EntryRequest,
    log: SourceLog,
    surroundings: LdapSurroundings = {},
  ) {
    this.name = name
    this.#settings = settings
    this.#request = request
    this.#access = new Access(name, settings, log, surroundings)
    const search = {
      base: settings.base,
      scope: settings.scope,
      filter: parseFilter(settings.filter ?? request.filter),
      attributes: wantedAttributes(request),
    }
    this.#reader = new EntryReader(search, request.id, settings.pageSize, settings.silenceMs)
    const { method } = settings.changes
    if (method !== 'off') {
      this.changes = (signal) =>
        followChanges({ ...this.#following(surroundings), method, log }, signal)
    }
  }

  async *read(signal: AbortSignal, known?: KnownEntries): AsyncGenerator<EntryBatch, void> {
    await using stack = new AsyncDisposableStack()
    const reading = stack.use(this.#known.startRead())
    const { server, channel, found } = await this.#access.open(signal, async (channel) => {
      const pages = this.#reader.siftedPages(channel, signal, known, reading.add)
      return { pages, first: await pages.next() }
    })
    stack.use(channel)
    try {
      // Without the right to read, a server says "success" and shows nobody: not to be told apart.
      if (found.first.done) throw new NobodyFound(this.#settings.base)
      yield await this.#readPage(channel, found.first.value, reading, signal, known)
      for await (const page of found.pages) {
        yield await this.#readPage(channel, page, reading, signal, known)
      }
      this.#access.succeeded(server)
      reading.complete()
    } catch (error) {
      signal.throwIfAborted()
      if (isServersFault(error)) this.#access.failed(server)
      throw this.#access.incomplete(server, error, this.#remedy(error))
    }
  }

  async readOne(what: EntrySelector, signal: AbortSignal): Promise<EntryDelta> {
    const { channel, found } = await this.#access.open(signal, async (channel) => {
      if ('id' in what) return this.#reader.byId(channel, [what.id], signal)
      const batch =
        'dn' in what
          ? await this.#reader.byDn(channel, what.dn, signal)
          : await this.#reader.matching(channel, parseFilter(what.filter), signal)
      return { ...batch, gone: [] }
    })
    await channel[Symbol.asyncDispose]()
    for (const { id } of found.entries) if (id !== null) this.#known.add(id)
    return found
  }

  async schema(signal: AbortSignal): Promise<DirectorySchema> {
    const { base, silenceMs } = this.#settings
    const options = { silenceMs, signal }
    const { channel, found } = await this.#access.open(signal, (channel) =>
      readSchema(channel, base, options),
    )
    await channel[Symbol.asyncDispose]()
    return found
  }

  check(signal: AbortSignal): AsyncGenerator<CheckStep, void> {
    const { servers, connect, pageSize, silenceMs, changes } = this.#settings
    return checkLdap({
      connect,
      domain: 'domain' in servers ? servers.domain : null,
      path: this.#access.path,
      search: this.#reader.search,
      requested: this.#request,
      pageSize,
      changes: changes.method,
      options: { silenceMs, signal },
      findServers: () => this.#access.inOrder(signal),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #readPage(
    channel: Channel,
    page: Parameters<EntryReader['decode']>[1],
    reading: RunningRead,
    signal: AbortSignal,
    known: KnownEntries | undefined,
  ): Promise<EntryBatch> {
    const batch = await this.#reader.decode(channel, page, signal, known)
    for (const { id } of batch.entries) if (id !== null) reading.add(id)
    return batch
  }

  #following({ now = Date.now }: LdapSurroundings) {
    const { changes, silenceMs } = this.#settings
    const { attributes, filter } = this.#reader.search
    const names = [...attributes, ...attributesIn(filter)]
    const watchesGroups = names.some((name) => /^memberOf$/i.test(name))
    const { pollMs, sweepMs } = changes
    return {
      source: this.name,
      access: this.#access,
      parts: {
        reader: this.#reader,
        known: this.#known,
        watchesGroups,
        pollMs,
        sweepMs,
        silenceMs,
        now,
      },
    }
  }

  #remedy(error: unknown): string | undefined {
    if (!(error instanceof NobodyFound)) return undefined
    const { path } = this.#access
    return `; check ${path}.base and filter, and what the account in ${path}.bind may read`
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
