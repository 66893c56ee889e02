import type { Member } from '../people/member.ts'
import type { People } from '../people/people.ts'
import { applyInTurns } from '../people/apply-in-turns.ts'
import type { State } from '../state/state.ts'
import type { TableName } from '../state/tables.ts'
import type { Changes } from '../state/postgres/change-feed.ts'
import type { Sync } from '../sync/sync.ts'

export interface Followed {
  readonly people: People
  readonly state: State
  readonly syncs: readonly Sync[]
}

/**
 * Brings into this node's memory what other nodes have written to the state: secrets before people,
 * as they are written, so that no telephone is known before its password is.
 */
export async function follow(changes: Changes, { people, state, syncs }: Followed): Promise<void> {
  const keys = (table: TableName) => (changes === 'lost' ? undefined : (changes.get(table) ?? []))
  const isTouched = (table: TableName) => changes === 'lost' || changes.has(table)
  if (isTouched('secrets')) await state.secrets.refresh(keys('secrets'))
  if (isTouched('people')) {
    const ids = keys('people')
    await (ids ? followSome(ids, people, state) : followAll(people, state))
  }
  for (const [table, rows] of writtenTables(state))
    if (isTouched(table)) await rows.refresh(keys(table))
  if (isTouched('tokens')) await state.tokens.refresh()
  if (isTouched('phones')) await state.phones.refresh()
  if (isTouched('accounts')) await state.accounts.refresh()
  if (isTouched('sessions')) await state.sessions.refresh(keys('sessions'))
  const isRead = (['sources', 'runs', 'plans', 'rejections'] as const).some(isTouched)
  // Whoever synchronises knows what he has read, and others write nothing about it.
  if (isRead && !state.lease.isHeld) for (const sync of syncs) await sync.catchUp()
}

async function followSome(ids: readonly string[], people: People, state: State): Promise<void> {
  const kept = await state.people.read(ids)
  const there = new Set(kept.map(({ person }) => person.id))
  const gone = ids.filter((id) => !there.has(id))
  const change = { put: differing(kept, people), removed: recordsOf(gone, people) }
  await applyInTurns(people, change)
}

/** Page by page: who is gone is known at the end. */
async function followAll(people: People, state: State): Promise<void> {
  const there = new Set<string>()
  for await (const page of state.people.load()) {
    for (const { person } of page) there.add(person.id)
    people.apply({ put: differing(page, people), removed: [] })
  }
  const gone = Array.from(people.records(), ({ person }) => person.id).filter(
    (id) => !there.has(id),
  )
  await applyInTurns(people, { put: [], removed: recordsOf(gone, people) })
}

function differing(members: readonly Member[], people: People) {
  return members
    .map((after) => ({ before: people.record(after.person.id), after }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
}

function recordsOf(ids: readonly string[], people: People): readonly Member[] {
  return ids.map((id) => people.record(id)).filter((record) => record !== undefined)
}

function writtenTables(state: State) {
  return [
    ['contacts', state.contacts],
    ['registrations', state.registrations],
    ['iax_registrations', state.iaxRegistrations],
    ['queue_members', state.queueMembers],
  ] as const
}
