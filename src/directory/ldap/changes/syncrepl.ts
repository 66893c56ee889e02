import type { DirectoryChange, Entry, EntryProblem } from '../../source.ts'
import {
  type Follower,
  type FollowerParts,
  type Link,
  PositionLost,
  deltaOf,
  readAgain,
} from './follower.ts'
import { ChangedGroups, groupFilter } from './groups.ts'
import { keepAlive } from './keep-alive.ts'
import { Mailbox } from './mailbox.ts'
import { type ServerFacts, contextOf } from './server-facts.ts'
import { sweep } from './sweep.ts'
import { type SyncEvent, SyncStream } from './sync-stream.ts'

type Item = SyncEvent | { readonly kind: 'group' }

/**
 * Follows by content synchronisation (RFC 4533): the server sends each changed entry by itself.
 * Groups are a second search of the same kind, since they may stand elsewhere than people.
 */
export class SyncreplFollower implements Follower {
  readonly #parts: FollowerParts
  readonly #people: SyncStream
  #groups: SyncStream | null = null

  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#people = new SyncStream(parts.reader.search, parts.silenceMs)
  }

  async *follow(link: Link): AsyncGenerator<DirectoryChange, void> {
    using _alive = keepAlive(link, this.#parts.silenceMs)
    const mailbox = new Mailbox<Item>()
    const changedGroups = new ChangedGroups(this.#parts.now)
    const isNew = await this.#listen(link, mailbox)
    if (isNew) {
      changedGroups.told()
      yield readAgain
    }
    try {
      for (;;) {
        const { items, isOverfull } = await mailbox.take(changedGroups.dueInMs)
        if (items.some(({ kind }) => kind === 'group')) changedGroups.note()
        if (isOverfull || items.some(({ kind }) => kind === 'read-again')) {
          changedGroups.told()
          yield readAgain
          continue
        }
        yield* this.#tell(link, items)
        if (changedGroups.takeDue()) yield readAgain
      }
    } catch (error) {
      if (error instanceof PositionLost) this.#forgetPosition()
      throw error
    }
  }

  async #listen(link: Link, mailbox: Mailbox<Item>): Promise<boolean> {
    const streams: [SyncStream, (event: SyncEvent) => void][] = [
      [this.#people, (event) => mailbox.put(event)],
    ]
    if (this.#parts.watchesGroups) {
      const { reader, silenceMs } = this.#parts
      const base = contextOf(link.facts, reader.search.base)
      const search = { base, scope: 'sub', filter: groupFilter, attributes: ['1.1'] } as const
      this.#groups ??= new SyncStream(search, silenceMs)
      streams.push([this.#groups, () => mailbox.put({ kind: 'group' })])
    }
    let isNew = false
    for (const [stream] of streams) if (await stream.ensurePosition(link)) isNew = true
    for (const [stream, onEvent] of streams) {
      stream.listen(link, onEvent).catch((error: unknown) => mailbox.fail(error))
    }
    return isNew
  }

  async *#tell(link: Link, items: readonly Item[]): AsyncGenerator<DirectoryChange, void> {
    const { reader, known } = this.#parts
    const entries = new Map<string, Entry>()
    const withoutId: Entry[] = []
    const gone = new Set<string>()
    const problems: EntryProblem[] = []
    let isSomebodyGone = false
    const { attribute } = reader.id
    for (const item of items) {
      if (item.kind === 'entry') {
        const batch = await reader.decode(link.channel, [item.raw], link.signal)
        problems.push(...batch.problems)
        for (const decoded of batch.entries) {
          // 389-ds leaves nsUniqueId out of what it sends after an interruption.
          const id = idOfUuid(item.uuid, attribute, link.facts) ?? decoded.id
          const entry = { ...decoded, id }
          if (id === null) {
            withoutId.push(entry)
            continue
          }
          entries.set(id, entry)
          gone.delete(id)
          known.add(id)
        }
      } else if (item.kind === 'gone') {
        const id = idOfUuid(item.uuid, attribute, link.facts)
        if (id === null) isSomebodyGone = true
        else {
          gone.add(id)
          entries.delete(id)
          known.delete(id)
        }
      }
    }
    const all = [...entries.values(), ...withoutId]
    const change = deltaOf({ entries: all, gone: [...gone], problems })
    if (change) yield change
    if (isSomebodyGone) {
      const found = await sweep(link, this.#parts)
      if (found) yield found
    }
  }

  #forgetPosition(): void {
    this.#people.forgetPosition()
    this.#groups?.forgetPosition()
  }
}

/**
 * The id that stands behind the UUID by which the protocol names an entry; null when the preset's
 * id is something else, such as Zimbra's. 389-ds names entries by its nsUniqueId, although they
 * have an entryUUID too.
 */
function idOfUuid(uuid: Buffer, attribute: string, facts: ServerFacts): string | null {
  const hex = uuid.toString('hex')
  const parts = (...ends: number[]) =>
    ends.map((end, index) => hex.slice(ends[index - 1] ?? 0, end))
  const name = attribute.toLowerCase()
  if (name === 'nsuniqueid') return parts(8, 16, 24, 32).join('-')
  const is389 = /^389 |red hat|fedora/i.test(facts.vendor)
  return name === 'entryuuid' && !is389 ? parts(8, 12, 16, 20, 32).join('-') : null
}
