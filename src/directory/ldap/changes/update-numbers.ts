import { Control } from 'ldapts'
import { searchPages } from '../search.ts'
import { type ChangeList, type ChangedObjects, mostChanged } from './change-list.ts'
import type { FollowerParts, Link } from './follower.ts'
import { isGroup } from './groups.ts'
import { contextOf, textsOf } from './server-facts.ts'

/** Active Directory shows tombstones to whom it lets see them (MS-ADTS, 3.1.1.3.4.1.14). */
const showDeletedOid = '1.2.840.113556.1.4.417'
const entriesAPage = 500

/** The objects with a uSNChanged above the one that was seen last, which any account may ask for. */
export class UpdateNumbers implements ChangeList<bigint> {
  readonly #parts: FollowerParts

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  async markNow(_link: Link, usn: bigint): Promise<bigint> {
    return usn
  }

  async since(mark: bigint, link: Link, usn: bigint): Promise<ChangedObjects<bigint>> {
    const { reader, watchesGroups, silenceMs } = this.#parts
    const changed = new Set<string>()
    const deleted: string[] = []
    let isGroupChanged = false
    const value = Buffer.from(String(mark + 1n))
    const search = {
      base: contextOf(link.facts, reader.search.base),
      scope: 'sub',
      filter: { kind: 'greaterOrEqual', attribute: 'uSNChanged', value },
      attributes: [reader.id.attribute, 'objectClass', 'isDeleted'],
    } as const
    const options = { silenceMs, signal: link.signal }
    const control = new Control(showDeletedOid, { critical: false })
    for await (const page of searchPages(link.channel, search, entriesAPage, options, [control])) {
      for (const raw of page) {
        if (watchesGroups && isGroup(raw)) isGroupChanged = true
        const id = reader.idOf(raw)
        if (id === null) continue
        if (textsOf(raw, 'isDeleted')[0] === 'TRUE') deleted.push(id)
        else changed.add(id)
      }
      if (changed.size + deleted.length > mostChanged) break
    }
    return { changed, deleted, isGroupChanged, mark: usn }
  }
}
