import { PersistentSearchControl } from 'ldapts'
import { dirSyncOid } from './dirsync-messages.ts'
import { DirSync } from './dirsync.ts'
import { DomainControllerFollower } from './domain-controller.ts'
import type { ChangesMethod, Follower, FollowerParts } from './follower.ts'
import { KnownGroups } from './known-groups.ts'
import { PersistentSearchFollower } from './persistent-search.ts'
import type { ServerFacts } from './server-facts.ts'
import { syncRequestOid } from './sync-messages.ts'
import { SyncreplFollower } from './syncrepl.ts'
import { TimestampFollower } from './timestamp.ts'
import { UpdateNumbers } from './update-numbers.ts'

/** What a server offers, the best first. Every server has timestamps. */
export function methodsOf(facts: ServerFacts): ChangesMethod[] {
  const methods: ChangesMethod[] = []
  if (facts.usn !== null && facts.controls.has(dirSyncOid)) methods.push('dirsync')
  if (facts.usn !== null) methods.push('usn')
  if (facts.controls.has(syncRequestOid)) methods.push('syncrepl')
  if (facts.controls.has(PersistentSearchControl.type)) methods.push('persistent-search')
  return [...methods, 'timestamp']
}

export function makeFollower(method: ChangesMethod, parts: FollowerParts): Follower {
  switch (method) {
    case 'syncrepl':
      return new SyncreplFollower(parts)
    case 'persistent-search':
      return new PersistentSearchFollower(parts)
    case 'dirsync': {
      const groups = new KnownGroups(parts)
      return new DomainControllerFollower(parts, new DirSync(parts, groups), groups)
    }
    case 'usn': {
      const groups = new KnownGroups(parts)
      return new DomainControllerFollower(parts, new UpdateNumbers(parts), groups)
    }
    case 'timestamp':
      return new TimestampFollower(parts)
  }
}
