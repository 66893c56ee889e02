import { setImmediate } from 'node:timers/promises'
import { EntryDecoder, type RawEntry } from '../entry.ts'
import type { Filter } from '../../ldap-wire/filter.ts'
import { isInScope, normaliseDn } from '../ldif/distinguished-name.ts'
import {
  DirectoryIncomplete,
  type Entry,
  type EntryBatch,
  type EntryDelta,
  type EntryProblem,
  type IdAttribute,
  type KnownEntries,
} from '../source.ts'
import { guidBytes } from '../values.ts'
import type { Channel } from './channel.ts'
import { completeRanges } from './ranges.ts'
import { type Search, type SearchOptions, SearchRefused, searchPages, siftPages } from './search.ts'
import type { WireEntry } from './wire-entry.ts'

/** About half a millisecond of work; then whoever waits for an answer has his turn. */
const entriesAtOnce = 25

/** Ids in one filter. More make requests that some servers refuse. */
const idsAtOnce = 100

/** An entry, or the print of one that is known. */
export type Arrived = WireEntry | string

/** What a source reads, in the ways it can be read: page by page, or just some of it. */
export class EntryReader {
  readonly search: Search
  readonly id: IdAttribute
  readonly #pageSize: number
  readonly #silenceMs: number
  readonly #decoder: EntryDecoder

  constructor(search: Search, id: IdAttribute, pageSize: number, silenceMs: number) {
    this.search = search
    this.id = id
    this.#pageSize = pageSize
    this.#silenceMs = silenceMs
    this.#decoder = new EntryDecoder(id)
  }

  pages(channel: Channel, signal: AbortSignal, search = this.search) {
    return searchPages(channel, search, this.#pageSize, this.#options(signal))
  }

  /** The same, only that an entry which is known is recognised when it comes: its print remains. */
  siftedPages(
    channel: Channel,
    signal: AbortSignal,
    known: KnownEntries | undefined,
    onKnown: (id: string) => void,
  ): AsyncGenerator<Arrived[], void> {
    if (!known) return this.pages(channel, signal)
    const sift = (entry: WireEntry): Arrived => {
      const print = entry.print()
      const id = known.idOf(print)
      if (id === undefined) return entry
      onKnown(id)
      return print
    }
    return siftPages(channel, this.search, this.#pageSize, this.#options(signal), sift)
  }

  /** With `known`, entries have prints; those that were recognised come as `unchanged`. */
  async decode(
    channel: Channel,
    page: readonly Arrived[],
    signal: AbortSignal,
    known?: KnownEntries,
  ): Promise<EntryBatch & { readonly unchanged: readonly string[] }> {
    const entries: Entry[] = []
    const unchanged: string[] = []
    const problems: EntryProblem[] = []
    for (const [index, raw] of page.entries()) {
      if (typeof raw === 'string') {
        unchanged.push(raw)
        continue
      }
      if (index % entriesAtOnce === entriesAtOnce - 1) await setImmediate()
      const print = known && raw.print()
      const draft = this.#decoder.draft(raw.dn)
      raw.visit(draft)
      const decoded = draft.isPartial
        ? this.#decoder.decode(await completeRanges(channel, raw, this.#options(signal)))
        : draft.finish()
      // The rest of a long list is not in the print, and a problem is to be told at every read.
      const isWhole = !draft.isPartial && decoded.problems.length === 0
      const { entry } = decoded
      entries.push(print !== undefined && isWhole ? { ...entry, print } : entry)
      problems.push(...decoded.problems)
    }
    return { entries, unchanged, problems }
  }

  /** The id of an entry of which only some attributes were asked for; null if it has none. */
  idOf(raw: RawEntry): string | null {
    return this.#decoder.decode(raw).entry.id
  }

  /**
   * The entries with these ids. The others are `gone`: they do not exist, or are outside base and
   * filter. Throws when it cannot be proven, since the server shows nobody at all.
   */
  async byId(channel: Channel, ids: readonly string[], signal: AbortSignal): Promise<EntryDelta> {
    const missing = new Set(ids)
    const entries: Entry[] = []
    const problems: EntryProblem[] = []
    for (let at = 0; at < ids.length; at += idsAtOnce) {
      const filters = ids.slice(at, at + idsAtOnce).map((id) => this.#idFilter(id))
      const found = await this.matching(channel, { kind: 'or', filters }, signal)
      for (const entry of found.entries) if (entry.id !== null) missing.delete(entry.id)
      entries.push(...found.entries)
      problems.push(...found.problems)
    }
    if (missing.size > 0 && entries.length === 0) await this.#proveSight(channel, signal)
    return { entries, gone: [...missing], problems }
  }

  /** The entries that fit this filter too. */
  async matching(channel: Channel, also: Filter, signal: AbortSignal): Promise<EntryBatch> {
    const filter: Filter = { kind: 'and', filters: [this.search.filter, also] }
    return this.#readAll(channel, { ...this.search, filter }, signal)
  }

  /** The entry with this DN, if it is inside base and filter. */
  async byDn(channel: Channel, dn: string, signal: AbortSignal): Promise<EntryBatch> {
    const nothing = { entries: [], problems: [] }
    const { base, scope } = this.search
    if (!isInScope(normaliseDn(dn), normaliseDn(base), scope)) return nothing
    try {
      return await this.#readAll(channel, { ...this.search, base: dn, scope: 'base' }, signal)
    } catch (error) {
      // No such object, or a name that cannot be one.
      if (error instanceof SearchRefused && [32, 34].includes(error.result.code)) return nothing
      throw error
    }
  }

  async #readAll(channel: Channel, search: Search, signal: AbortSignal): Promise<EntryBatch> {
    const entries: Entry[] = []
    const problems: EntryProblem[] = []
    for await (const page of this.pages(channel, signal, search)) {
      const batch = await this.decode(channel, page, signal)
      entries.push(...batch.entries)
      problems.push(...batch.problems)
    }
    return { entries, problems }
  }

  /** A server that took our rights away says "success" and shows nobody. */
  async #proveSight(channel: Channel, signal: AbortSignal): Promise<void> {
    const anybody = { ...this.search, attributes: ['1.1'] }
    for await (const page of searchPages(channel, anybody, 1, this.#options(signal))) {
      if (page.length > 0) return
    }
    throw new DirectoryIncomplete(`no entry below "${this.search.base}" fits the filter any more`)
  }

  #idFilter(id: string): Filter {
    const { attribute, form } = this.id
    const value = (form === 'guid' ? guidBytes(id) : null) ?? Buffer.from(id)
    return { kind: 'equal', attribute, value }
  }

  #options(signal: AbortSignal): SearchOptions {
    return { silenceMs: this.#silenceMs, signal }
  }
}
