import { Ber, BerReader, type Control, PagedResultsControl, SearchRequest } from 'ldapts'
import { DirectoryIncomplete } from '../source.ts'
import type { Filter } from '../../ldap-wire/filter.ts'
import type { Channel } from './channel.ts'
import { EncodedFilter } from './encode-filter.ts'
import type { Result } from './reply.ts'
import { inWords } from './result-codes.ts'
import type { WireEntry } from './wire-entry.ts'

export interface Search {
  readonly base: string
  readonly scope: 'sub' | 'one' | 'base'
  readonly filter: Filter
  readonly attributes: readonly string[]
}

export interface SearchOptions {
  readonly silenceMs: number
  readonly signal: AbortSignal
}

/** What is decoded together lives together: little of it outlives the youngest generation. */
const entriesAtOnce = 200

/** A server that looks through its entries in steps may send some; one that is caught in a loop, more. */
const mostEmptyPages = 1000

/** A search that ended with another result than success. */
export class SearchRefused extends Error {
  override name = 'SearchRefused'
  readonly result: Result

  constructor(search: Search, result: Result) {
    super(`search below "${search.base}": ${inWords(result)}`)
    this.result = result
  }
}

/**
 * Every entry, page by page (RFC 2696), at most two hundred at once and never none. The server is asked
 * for the next page when one has come, and works on it while the consumer works on that one. Ends
 * normally only after the server said "success, and no more": a page without entries that has a
 * cookie is just followed by the next one. Never sends a size limit of its own, which would turn a
 * cut into a success.
 */
export function searchPages(
  channel: Channel,
  search: Search,
  pageSize: number,
  options: SearchOptions,
  controls: readonly Control[] = [],
): AsyncGenerator<WireEntry[], void> {
  return siftPages(channel, search, pageSize, options, (entry) => entry, controls)
}

/**
 * The same, with whatever `sift` makes of each entry at once when it comes. Of what it does not need
 * nothing stays while the rest of the page is on its way.
 */
export async function* siftPages<Item>(
  channel: Channel,
  search: Search,
  pageSize: number,
  options: SearchOptions,
  sift: (entry: WireEntry) => Item,
  controls: readonly Control[] = [],
): AsyncGenerator<Item[], void> {
  const ask = (cookie: Buffer) => {
    const paging = new PagedResultsControl({ value: { size: pageSize, cookie } })
    const page = siftOnce(channel, search, options, sift, [paging, ...controls])
    // Whoever has seen enough does not come back for the page that is on its way.
    page.catch(() => {})
    return page
  }
  let emptyPages = 0
  for (let page: ReturnType<typeof ask> | null = ask(Buffer.alloc(0)); page;) {
    const { entries, result } = await page
    emptyPages = entries.length === 0 ? emptyPages + 1 : 0
    if (emptyPages > mostEmptyPages) {
      throw new DirectoryIncomplete('the server sends empty pages without end')
    }
    const cookie = nextCookie(result)
    page = cookie === null ? null : ask(cookie)
    for (let at = 0; at < entries.length; at += entriesAtOnce) {
      yield entries.slice(at, at + entriesAtOnce)
    }
  }
}

/** One request and all of its entries; throws `SearchRefused` unless the result is success. */
export function searchOnce(
  channel: Channel,
  search: Search,
  options: SearchOptions,
  ...controls: Control[]
): Promise<{ entries: WireEntry[]; result: Result }> {
  return siftOnce(channel, search, options, (entry) => entry, controls)
}

async function siftOnce<Item>(
  channel: Channel,
  search: Search,
  { silenceMs, signal }: SearchOptions,
  sift: (entry: WireEntry) => Item,
  controls: Control[],
): Promise<{ entries: Item[]; result: Result }> {
  const entries: Item[] = []
  const result = await channel.exchange(searchRequest(search, controls), {
    silenceMs,
    signal,
    // References point to other partitions or servers, which this source was not asked to read.
    onReply: (reply) => {
      if (reply.kind === 'entry') entries.push(sift(reply.entry))
    },
  })
  if (result.code !== 0) throw new SearchRefused(search, result)
  return { entries, result }
}

/** The request as it goes over the wire, without any limit of size or time. */
export function searchRequest(search: Search, controls: Control[]) {
  return (messageId: number) =>
    new SearchRequest({
      messageId,
      baseDN: search.base,
      scope: search.scope,
      filter: new EncodedFilter(search.filter),
      attributes: [...search.attributes],
      sizeLimit: 0,
      timeLimit: 0,
      controls,
    })
}

/** Null when this was the last page, or when the server does not page and sent everything at once. */
function nextCookie(result: Result): Buffer | null {
  const value = result.controls.get(PagedResultsControl.type)
  if (!value) return null
  const reader = new BerReader(value)
  reader.readSequence()
  reader.readInt()
  const cookie = reader.readString(Ber.OctetString, true)
  if (cookie === null) throw new DirectoryIncomplete('the answer to a page has no proper cookie')
  return cookie.length === 0 ? null : Buffer.from(cookie)
}
