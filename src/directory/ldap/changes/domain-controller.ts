import type { DirectoryChange } from '../../source.ts'
import { guidText } from '../../values.ts'
import { SearchRefused } from '../search.ts'
import { serverUrl } from '../server.ts'
import { type ChangeList, mostChanged } from './change-list.ts'
import { Doorbell } from './doorbell.ts'
import {
  type Follower,
  type FollowerParts,
  type Link,
  MethodRefused,
  PositionLost,
  readAgain,
} from './follower.ts'
import { ChangedGroups } from './groups.ts'
import type { KnownGroups } from './known-groups.ts'
import { readEntry, readServerFacts, valuesOf } from './server-facts.ts'
import { SweepTimes, sweep, tellByIds } from './sweep.ts'

interface Position<Mark> {
  /** Whose count it is. */
  readonly database: string
  /** The newest change when it was looked last. */
  readonly usn: bigint
  readonly mark: Mark
  /** It was noted and never gone on from: if it is refused, so will be the next one. */
  readonly isNew: boolean
}

/**
 * Follows an Active Directory: each domain controller counts its changes, and says in the root DSE
 * how far it came. When the count moved, a list tells which objects changed; they are asked for
 * again by GUID, which also tells who has left base and filter. An ordinary account does not see
 * tombstones, so those who were deleted are found by a sweep. The count is the domain controller's
 * own: another one, or one that was restored, means to begin anew.
 */
export class DomainControllerFollower<Mark> implements Follower {
  readonly #parts: FollowerParts
  readonly #list: ChangeList<Mark>
  readonly #known: KnownGroups
  readonly #sweeps: SweepTimes
  readonly #groups: ChangedGroups
  #position: Position<Mark> | null = null
  #reads = 0

  constructor(parts: FollowerParts, list: ChangeList<Mark>, known: KnownGroups) {
    this.#parts = parts
    this.#list = list
    this.#known = known
    this.#sweeps = new SweepTimes(parts.sweepMs, parts.now)
    this.#groups = new ChangedGroups(parts.now)
  }

  async *follow(link: Link): AsyncGenerator<DirectoryChange, void> {
    const { pollMs, reader } = this.#parts
    const doorbell = new Doorbell(link, reader.search.base)
    if (await this.#ensurePosition(link)) yield readAgain
    try {
      for (;;) {
        yield* this.#look(link)
        yield* this.#sweep(link)
        await doorbell.wait(Math.min(pollMs, this.#groups.dueInMs ?? pollMs))
      }
    } catch (error) {
      if (!(error instanceof PositionLost)) throw error
      const isNew = this.#position?.isNew
      this.#position = null
      throw isNew ? new MethodRefused(error.message, { cause: error }) : error
    }
  }

  /** True when a new one was noted. */
  async #ensurePosition(link: Link): Promise<boolean> {
    const database = await this.#databaseOf(link)
    const usn = link.facts.usn ?? 0n
    if (this.#position?.database === database && usn >= this.#position.usn) return false
    const mark = await this.#list.markNow(link, usn)
    this.#position = { database, usn, mark, isNew: true }
    await this.#known.list(link)
    this.#groups.told()
    return true
  }

  async *#look(link: Link): AsyncGenerator<DirectoryChange, void> {
    const { usn } = await readServerFacts(link.channel, this.#options(link))
    const position = this.#position
    if (position && usn !== null && usn > position.usn) {
      const { mark, ...objects } = await this.#list.since(position.mark, link, usn)
      if (objects.isGroupChanged) this.#groups.note()
      const isTooMuch = objects.changed.size + objects.deleted.length > mostChanged
      if (isTooMuch) this.#groups.told()
      const change = isTooMuch
        ? readAgain
        : await tellByIds(link, this.#parts, [...objects.changed], objects.deleted)
      this.#position = { ...position, usn, mark, isNew: false }
      this.#sweeps.want()
      if (change) yield change
    }
    if (this.#groups.takeDue()) yield readAgain
  }

  async *#sweep(link: Link): AsyncGenerator<DirectoryChange, void> {
    const { known } = this.#parts
    // What a read found may have gone while it was under way.
    if (known.reads !== this.#reads) this.#sweeps.want()
    if (known.reads === 0 || !this.#sweeps.isDue) return
    this.#reads = known.reads
    const { change, isGroupGone } = await this.#sweeps.run(async () => ({
      change: await sweep(link, this.#parts),
      isGroupGone: await this.#known.list(link),
    }))
    if (isGroupGone) this.#groups.note()
    if (change) yield change
    if (this.#groups.takeDue()) yield readAgain
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
