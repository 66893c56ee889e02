import { Ber, BerReader, PersistentSearchControl } from 'ldapts'
import type { DirectoryChange } from '../../source.ts'
import type { Reply } from '../reply.ts'
import { SearchRefused, searchRequest } from '../search.ts'
import {
  type Follower,
  type FollowerParts,
  type Link,
  MethodRefused,
  readAgain,
} from './follower.ts'
import { ChangedGroups, isGroup } from './groups.ts'
import { keepAlive } from './keep-alive.ts'
import { LookBack } from './look-back.ts'
import { Mailbox } from './mailbox.ts'
import { contextOf } from './server-facts.ts'
import { tellByIds } from './sweep.ts'

interface Item {
  readonly id: string | null
  readonly isDeleted: boolean
  readonly isGroup: boolean
}

/** add, delete, modify and modDN. */
const allChanges = 1 | 2 | 4 | 8
const anything = { kind: 'present', attribute: 'objectClass' } as const

/**
 * Follows by persistent search (draft-ietf-ldapext-psearch-03). The server would not tell of an
 * entry that leaves the filter, so every change of the naming context is listened to, and whoever
 * changed is asked for by id with base and filter. There is no position to continue from: each new
 * connection begins with `read-again`, and looks back once, since no answer says that it listens.
 */
export class PersistentSearchFollower implements Follower {
  readonly #parts: FollowerParts

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  async *follow(link: Link): AsyncGenerator<DirectoryChange, void> {
    const { silenceMs, now } = this.#parts
    using _alive = keepAlive(link, silenceMs)
    const mailbox = new Mailbox<Item>()
    const groups = new ChangedGroups(now)
    this.#listen(link, mailbox).catch((error: unknown) => mailbox.fail(error))
    const lookBack = new LookBack(this.#parts)
    groups.told()
    yield readAgain
    for (;;) {
      const { items, isOverfull } = await mailbox.take(sooner(groups.dueInMs, lookBack.dueInMs))
      if (items.some((item) => item.isGroup)) groups.note()
      if (isOverfull) groups.told()
      const change = isOverfull ? readAgain : await this.#tell(link, items)
      if (change) yield change
      if (groups.takeDue()) yield readAgain
      if (lookBack.isDue) yield* lookBack.run(link)
    }
  }

  async #listen(link: Link, mailbox: Mailbox<Item>): Promise<never> {
    const { reader, watchesGroups } = this.#parts
    const search = {
      base: contextOf(link.facts, reader.search.base),
      scope: 'sub',
      filter: anything,
      attributes: [reader.id.attribute, 'objectClass'],
    } as const
    const control = new PersistentSearchControl({
      critical: true,
      value: { changeTypes: allChanges, changesOnly: true, returnECs: true },
    })
    const onReply = (reply: Exclude<Reply, { kind: 'result' }>) => {
      if (reply.kind !== 'entry') return
      mailbox.put({
        id: reader.idOf(reply.entry),
        isDeleted: isDeletion(reply.controls.get(changeNotificationOid)),
        isGroup: watchesGroups && isGroup(reply.entry),
      })
    }
    const result = await link.channel.exchange(searchRequest(search, [control]), {
      silenceMs: null,
      signal: link.signal,
      onReply,
    })
    const error = new SearchRefused(search, result)
    throw [0, 51, 52, 80].includes(result.code) ? error : new MethodRefused(error.message)
  }

  #tell(link: Link, items: readonly Item[]): Promise<DirectoryChange | null> {
    // The last word counts for an id that was deleted and made again.
    const last = new Map<string, boolean>()
    for (const { id, isDeleted } of items) if (id !== null) last.set(id, isDeleted)
    const ids = [...last].filter(([, isDeleted]) => !isDeleted).map(([id]) => id)
    const deleted = [...last].filter(([, isDeleted]) => isDeleted).map(([id]) => id)
    return tellByIds(link, this.#parts, ids, deleted)
  }
}

function sooner(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

const changeNotificationOid = '2.16.840.1.113730.3.4.7'

/** The entry change notification's first part, an ENUMERATED: 2 is delete. */
function isDeletion(value: Buffer | undefined): boolean {
  if (!value) return false
  const reader = new BerReader(value)
  reader.readSequence()
  return reader.peek() === Ber.Enumeration && reader.readEnumeration() === 2
}
