import { parseFilter } from '../../filter.ts'
import type { FollowerParts, Link } from './follower.ts'
import { searchPages } from '../search.ts'
import { contextOf } from './server-facts.ts'

const groups = parseFilter('(objectClass=group)')
const entriesAPage = 500

/**
 * The ids of the groups that an Active Directory has. A group that is deleted leaves a trace only for those who
 * may see tombstones; everybody else can but notice that it is not listed any more.
 */
export class KnownGroups {
  readonly #parts: FollowerParts
  #ids: ReadonlySet<string> = new Set()

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** Lists them anew; true when one that was there before is not there any more. */
  async list(link: Link): Promise<boolean> {
    const { reader, watchesGroups, silenceMs } = this.#parts
    if (!watchesGroups) return false
    const base = contextOf(link.facts, reader.search.base)
    const search = {
      base,
      scope: 'sub',
      filter: groups,
      attributes: [reader.id.attribute],
    } as const
    const options = { silenceMs, signal: link.signal }
    const before = this.#ids
    const ids = new Set<string>()
    for await (const page of searchPages(link.channel, search, entriesAPage, options)) {
      for (const raw of page) {
        const id = reader.idOf(raw)
        if (id !== null) ids.add(id)
      }
    }
    this.#ids = ids
    return [...before].some((id) => !ids.has(id))
  }
}
