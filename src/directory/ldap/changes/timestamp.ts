import { setTimeout as sleep } from 'node:timers/promises'
import type { DirectoryChange } from '../../source.ts'
import type { Search } from '../search.ts'
import { serverUrl } from '../server.ts'
import {
  type Follower,
  type FollowerParts,
  type Link,
  MethodRefused,
  readAgain,
} from './follower.ts'
import { ChangedGroups, groupFilter } from './groups.ts'
import { contextOf } from './server-facts.ts'
import { StampedList } from './stamped-list.ts'
import { SweepTimes, isSuspicious, tellByIds } from './sweep.ts'

/**
 * Follows any server: entries whose modifyTimestamp is as new as the newest that was seen, and now
 * and then the ids and timestamps of all. No clock is compared with another: only the server's own
 * timestamps with each other.
 */
export class TimestampFollower implements Follower {
  readonly #parts: FollowerParts
  readonly #sweeps: SweepTimes
  readonly #changedGroups: ChangedGroups
  #server: string | null = null
  #people: StampedList | null = null
  #groups: StampedList | null = null

  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#sweeps = new SweepTimes(parts.sweepMs, parts.now)
    this.#changedGroups = new ChangedGroups(parts.now)
  }

  async *follow(link: Link): AsyncGenerator<DirectoryChange, void> {
    if (this.#server !== serverUrl(link.server) || this.#people === null) {
      await this.#notePosition(link)
      this.#changedGroups.told()
      yield readAgain
    }
    const { pollMs } = this.#parts
    for (;;) {
      const change = await this.#poll(link)
      if (change) yield change
      if (this.#sweeps.isDue) {
        const found = await this.#sweeps.run(() => this.#sweep(link))
        if (found) yield found
      }
      this.#sweeps.want()
      if (this.#changedGroups.takeDue()) yield readAgain
      await sleep(Math.min(pollMs, this.#changedGroups.dueInMs ?? pollMs), undefined, {
        signal: link.signal,
      })
    }
  }

  async #notePosition(link: Link): Promise<void> {
    const { reader, watchesGroups, now } = this.#parts
    const people = new StampedList(reader, reader.search, (raw) => reader.idOf(raw), now)
    await this.#sweeps.run(() => people.readAll(link))
    if (people.size > 0 && people.newest === '') {
      throw new MethodRefused('the server shows no modifyTimestamp')
    }
    this.#groups = null
    if (watchesGroups) {
      const base = contextOf(link.facts, reader.search.base)
      const search: Search = { base, scope: 'sub', filter: groupFilter, attributes: [] }
      this.#groups = new StampedList(reader, search, ({ dn }) => dn, now)
      await this.#groups.readAll(link)
    }
    this.#people = people
    this.#server = serverUrl(link.server)
  }

  async #poll(link: Link): Promise<DirectoryChange | null> {
    const changed = (await this.#people?.readNew(link)) ?? []
    const groups = (await this.#groups?.readNew(link)) ?? []
    if (groups.length > 0) this.#changedGroups.note()
    return changed.length === 0 ? null : tellByIds(link, this.#parts, changed)
  }

  async #sweep(link: Link): Promise<DirectoryChange | null> {
    const before = this.#people?.size ?? 0
    const people = await this.#people?.readAll(link)
    const groups = await this.#groups?.readAll(link)
    if (groups && groups.changed.length + groups.missing.length > 0) this.#changedGroups.note()
    if (!people) return null
    if (before > 0 && isSuspicious(this.#people?.size ?? 0, before)) return readAgain
    const different = [...people.changed, ...people.missing]
    return different.length === 0 ? null : tellByIds(link, this.#parts, different)
  }
}
