import type { RawEntry } from '../../entry.ts'
import type { EntryReader } from '../entry-reader.ts'
import type { Search } from '../search.ts'
import type { Link } from './follower.ts'
import { textsOf } from './server-facts.ts'

/** For how long a timestamp, which counts seconds, may still be given to another change. */
const freshMs = 2000

/** The modifyTimestamp of everybody that a search finds. */
export class StampedList {
  readonly #reader: EntryReader
  readonly #search: Search
  readonly #keyOf: (raw: RawEntry) => string | null
  readonly #now: () => number
  #stamps = new Map<string, string>()
  #newest = ''
  #newestSeenAt = 0

  constructor(
    reader: EntryReader,
    search: Search,
    keyOf: (raw: RawEntry) => string | null,
    now: () => number,
  ) {
    this.#reader = reader
    this.#search = { ...search, attributes: [reader.id.attribute, 'modifyTimestamp'] }
    this.#keyOf = keyOf
    this.#now = now
  }

  get size(): number {
    return this.#stamps.size
  }

  /** Empty when no timestamp was seen so far. */
  get newest(): string {
    return this.#newest
  }

  /** Reads all; tells who is different from the last time, and who was there and is missing. */
  async readAll(link: Link): Promise<{ changed: string[]; missing: string[] }> {
    const before = this.#stamps
    const stamps = await this.#read(link, this.#search)
    const changed = [...stamps].filter(([key, stamp]) => before.get(key) !== stamp)
    const missing = [...before.keys()].filter((key) => !stamps.has(key))
    this.#stamps = stamps
    // Later on only `readNew` moves it: what changes behind a long reading must still be newer.
    if (this.#newest === '') this.#noteNewest(stamps)
    return { changed: changed.map(([key]) => key), missing }
  }

  /** Who was changed since, and for a moment those of the newest second again. */
  async readNew(link: Link): Promise<string[]> {
    const newest = this.#newest
    const isFresh = this.#now() - this.#newestSeenAt < freshMs
    const value = Buffer.from(newest === '' ? '19700101000000Z' : newest)
    const since = { kind: 'greaterOrEqual', attribute: 'modifyTimestamp', value } as const
    const filter = { kind: 'and', filters: [this.#search.filter, since] } as const
    const stamps = await this.#read(link, { ...this.#search, filter })
    const changed = [...stamps].filter(
      ([key, stamp]) => this.#stamps.get(key) !== stamp || (isFresh && stamp === newest),
    )
    for (const [key, stamp] of changed) this.#stamps.set(key, stamp)
    this.#noteNewest(stamps)
    return changed.map(([key]) => key)
  }

  async #read(link: Link, search: Search): Promise<Map<string, string>> {
    const stamps = new Map<string, string>()
    for await (const page of this.#reader.pages(link.channel, link.signal, search)) {
      for (const raw of page) {
        const key = this.#keyOf(raw)
        if (key !== null) stamps.set(key, textsOf(raw, 'modifyTimestamp')[0] ?? '')
      }
    }
    return stamps
  }

  #noteNewest(stamps: ReadonlyMap<string, string>): void {
    let newest = this.#newest
    for (const stamp of stamps.values()) if (stamp > newest) newest = stamp
    if (newest === this.#newest) return
    this.#newest = newest
    this.#newestSeenAt = this.#now()
  }
}
