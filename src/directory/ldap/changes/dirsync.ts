import { attributesIn } from '../../../ldap-wire/filter.ts'
import type { RawEntry } from '../../entry.ts'
import { parseFilter } from '../../filter.ts'
import { type Search, type SearchOptions, SearchRefused } from '../search.ts'
import type { ChangeList, ChangedObjects } from './change-list.ts'
import { partOfList } from './dirsync-messages.ts'
import { type DirSyncMark, firstMark, walkOn } from './dirsync-walk.ts'
import type { FollowerParts, Link } from './follower.ts'
import { isGroup } from './groups.ts'
import type { KnownGroups } from './known-groups.ts'
import { contextOf, readEntry, textsOf, valuesOf } from './server-facts.ts'

const anything = parseFilter('(objectClass=*)')

/** More new and former members than that are the business of a full read. */
const mostMembers = 200

/**
 * What would be replicated to another domain controller (MS-ADTS, 3.1.1.3.4.1.3), of the attributes
 * that matter only. Unlike update numbers it names the members that came to a group or left it, so
 * a changed group costs no full read, and a computer that logs in costs nothing. What an object has
 * become is asked for by id as with every other list: an answer holds just what has changed.
 */
export class DirSync implements ChangeList<DirSyncMark> {
  readonly #parts: FollowerParts
  readonly #groups: KnownGroups

  constructor(parts: FollowerParts, groups: KnownGroups) {
    this.#parts = parts
    this.#groups = groups
  }

  async markNow(link: Link): Promise<DirSyncMark> {
    const { id, search } = this.#parts.reader
    const context = contextOf(link.facts, search.base)
    return firstMark(link.channel, context, id.attribute, this.#options(link))
  }

  async since(mark: DirSyncMark, link: Link): Promise<ChangedObjects<DirSyncMark>> {
    const { reader, watchesGroups } = this.#parts
    const changed = new Set<string>()
    const deleted: string[] = []
    const members = new Set<string>()
    let isGroupChanged = false
    const onEntry = (raw: RawEntry) => {
      const id = reader.idOf(raw)
      const isDeleted = textsOf(raw, 'isDeleted')[0] === 'TRUE'
      if (id !== null && isDeleted) deleted.push(id)
      else if (id !== null) changed.add(id)
      if (!watchesGroups) return
      const isOtherGroup = id !== null && this.#groups.has(id) && (isDeleted || isRenamed(raw))
      if (isOtherGroup || !noteMembers(raw, members)) isGroupChanged = true
    }
    const next = await walkOn(link.channel, this.#search(link), mark, this.#options(link), onEntry)
    if (members.size > mostMembers) isGroupChanged = true
    else {
      for (const dn of members) {
        const member = await this.#find(dn, link)
        // A filter may ask for members of members.
        if (member && isGroup(member)) isGroupChanged = true
        const id = member && reader.idOf(member)
        if (id !== null) changed.add(id)
      }
    }
    return { changed, deleted, isGroupChanged, mark: next }
  }

  /** Of the whole naming context: nothing smaller is allowed. */
  #search(link: Link): Search {
    const { reader, watchesGroups } = this.#parts
    const { base, filter, attributes } = reader.search
    const wanted = [
      reader.id.attribute,
      // Those of the filter decide who is there, and the others who he is.
      ...attributesIn(filter),
      ...attributes,
      // A renamed object has nothing new but its name, or its parent.
      'objectClass',
      'name',
      'parentGUID',
      'isDeleted',
      ...(watchesGroups ? ['member'] : []),
    ]
    // It is no attribute of the member's own entry, but made of those of the groups.
    const own = wanted.filter((name) => name.toLowerCase() !== 'memberof')
    const byName = new Map(own.map((name) => [name.toLowerCase(), name]))
    const context = contextOf(link.facts, base)
    return { base: context, scope: 'sub', filter: anything, attributes: [...byName.values()] }
  }

  async #find(dn: string, link: Link): Promise<RawEntry | null> {
    const wanted = [this.#parts.reader.id.attribute, 'objectClass']
    try {
      return (await readEntry(link.channel, dn, wanted, this.#options(link))) ?? null
    } catch (error) {
      // No such object: it was deleted, or renamed since.
      if (error instanceof SearchRefused && error.result.code === 32) return null
      throw error
    }
  }

  #options({ signal }: Link): SearchOptions {
    return { silenceMs: this.#parts.silenceMs, signal }
  }
}

/** A new object comes with its classes, too. */
function isRenamed(raw: RawEntry): boolean {
  const has = (name: string) => valuesOf(raw, name).length > 0
  return !has('objectClass') && (has('name') || has('parentGUID'))
}

/** False when it cannot be told who came or went. */
function noteMembers(raw: RawEntry, members: Set<string>): boolean {
  for (const { type, values } of raw.attributes) {
    const part = partOfList(type, 'member')
    if (part === 'whole') return false
    if (part !== null) for (const value of values) members.add(value.toString())
  }
  return true
}
