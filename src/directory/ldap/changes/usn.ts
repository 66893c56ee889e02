import { setTimeout as sleep } from 'node:timers/promises'
import { Control } from 'ldapts'
import type { DirectoryChange } from '../../source.ts'
import { guidText } from '../../values.ts'
import { SearchRefused, searchPages } from '../search.ts'
import { serverUrl } from '../server.ts'
import { type Follower, type FollowerParts, type Link, readAgain } from './follower.ts'
import { ChangedGroups, isGroup } from './groups.ts'
import { contextOf, readEntry, readServerFacts, textsOf, valuesOf } from './server-facts.ts'
import { SweepTimes, sweep, tellByIds } from './sweep.ts'

/** Active Directory shows tombstones to whom it lets see them (MS-ADTS, 3.1.1.3.4.1.14). */
const showDeletedOid = '1.2.840.113556.1.4.417'

/** More changed objects than that between two looks are the business of a full read. */
const mostChanged = 1000

/**
 * Follows an Active Directory: each domain controller counts its changes, and says in the root DSE
 * how far it came. When the count moved, the objects above the old one are the changed ones; they
 * are asked for again by GUID, which also tells who has left base and filter. An ordinary account
 * does not see tombstones, so those who were deleted are found by a sweep. The count is the domain
 * controller's own: another one, or one that was restored, means to begin anew.
 */
export class UsnFollower implements Follower {
  readonly #parts: FollowerParts
  readonly #sweeps: SweepTimes
  readonly #groups: ChangedGroups
  #database: string | null = null
  #usn = 0n
  #reads = 0

  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#sweeps = new SweepTimes(parts.sweepMs, parts.now)
    this.#groups = new ChangedGroups(parts.now)
  }

  async *follow(link: Link): AsyncGenerator<DirectoryChange, void> {
    const { pollMs, known } = this.#parts
    const database = await this.#databaseOf(link)
    const usn = link.facts.usn ?? 0n
    if (database !== this.#database || usn < this.#usn) {
      this.#database = database
      this.#usn = usn
      this.#groups.told()
      yield readAgain
    }
    for (;;) {
      const { usn: current } = await readServerFacts(link.channel, this.#options(link))
      if (current !== null && current > this.#usn) {
        const change = await this.#changesSince(link, this.#usn + 1n)
        this.#usn = current
        this.#sweeps.want()
        if (change) yield change
      }
      if (this.#groups.takeDue()) yield readAgain
      // What a read found may have gone while it was under way.
      if (known.reads !== this.#reads) this.#sweeps.want()
      if (known.reads > 0 && this.#sweeps.isDue) {
        this.#reads = known.reads
        const change = await this.#sweeps.run(() => sweep(link, this.#parts))
        if (change) yield change
      }
      await sleep(Math.min(pollMs, this.#groups.dueInMs ?? pollMs), undefined, {
        signal: link.signal,
      })
    }
  }

  async #changesSince(link: Link, usn: bigint): Promise<DirectoryChange | null> {
    const { reader, watchesGroups } = this.#parts
    const changed = new Set<string>()
    const deleted: string[] = []
    const search = {
      base: contextOf(link.facts, reader.search.base),
      scope: 'sub',
      filter: {
        kind: 'greaterOrEqual',
        attribute: 'uSNChanged',
        value: Buffer.from(String(usn)),
      },
      attributes: [reader.id.attribute, 'objectClass', 'isDeleted'],
    } as const
    const pages = searchPages(link.channel, search, 500, this.#options(link), [
      new Control(showDeletedOid, { critical: false }),
    ])
    for await (const page of pages) {
      for (const raw of page) {
        if (watchesGroups && isGroup(raw)) this.#groups.note()
        const id = reader.idOf(raw)
        if (id === null) continue
        if (textsOf(raw, 'isDeleted')[0] === 'TRUE') deleted.push(id)
        else changed.add(id)
      }
      if (changed.size + deleted.length > mostChanged) {
        this.#groups.told()
        return readAgain
      }
    }
    return tellByIds(link, this.#parts, [...changed], deleted)
  }

  /** Which database counts: a restored one gets a new invocationId (MS-ADTS, 3.1.1.1.9). */
  async #databaseOf(link: Link): Promise<string> {
    const { dsServiceName } = link.facts
    const server = dsServiceName ?? serverUrl(link.server)
    if (dsServiceName === null) return server
    try {
      const entry = await readEntry(
        link.channel,
        dsServiceName,
        ['invocationId'],
        this.#options(link),
      )
      const [bytes] = valuesOf(entry, 'invocationId')
      return `${server} ${bytes ? guidText(bytes) : ''}`
    } catch (error) {
      if (error instanceof SearchRefused) return server
      throw error
    }
  }

  #options({ signal }: Link) {
    return { silenceMs: this.#parts.silenceMs, signal }
  }
}
