import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { claimsOf, type Member } from '../../src/people/member.ts'
import { People } from '../../src/people/people.ts'
import { applyInTurns } from '../../src/people/apply-in-turns.ts'
import type { Person } from '../../src/person/person.ts'
import { makePerson } from '../support/person.ts'

const memberOf = (person: Person, before?: Member): Member => {
  return { person, claims: claimsOf(person, before, 1) }
}
const member = (extension: number, id = `test/${extension}`) =>
  memberOf(makePerson(String(extension), { id }))
const thousand = Array.from({ length: 1000 }, (_, index) => 1000 + index)
const added = (members: readonly Member[]) => members.map((after) => ({ before: undefined, after }))

/** Does the same again and again, in everybody's turn, until the work is done; how often. */
async function meanwhile(work: Promise<void>, look: () => void = () => {}): Promise<number> {
  const done = work.then(() => true)
  for (let turns = 0; ; turns++) {
    look()
    if (await Promise.race([done, setImmediate(false)])) return turns
  }
}

test('many newcomers and many leavers let others have their turn in between', async () => {
  const people = new People(['test'])
  const members = thousand.map((extension) => member(extension))
  const joined = applyInTurns(people, { put: added(members), removed: [] })
  expect(await meanwhile(joined)).toBeGreaterThan(2)
  expect(people.size).toBe(1000)
  const left = applyInTurns(people, { put: [], removed: members })
  expect(await meanwhile(left)).toBeGreaterThan(2)
  expect(people.size).toBe(0)
})

test('a small change is in force at once', () => {
  const people = new People(['test'])
  void applyInTurns(people, { put: added([member(501)]), removed: [] })
  expect(people.byExtension('501')).toBeDefined()
})

test('numbers that many hand on to each other always have an owner', async () => {
  const people = new People(['test'])
  const before = thousand.map((extension) => member(extension))
  people.apply({ put: added(before), removed: [] })
  const put = before.map((each, index) => {
    const extension = String(1000 + ((index + 1) % 1000))
    return { before: each, after: memberOf({ ...each.person, extension }, each) }
  })
  const newcomers = thousand.map((extension) => member(extension + 1000, `new/${extension}`))
  const done = applyInTurns(people, { put: [...put, ...added(newcomers)], removed: [] })
  const without = new Set<number>()
  await meanwhile(done, () => {
    for (const each of thousand) if (!people.byExtension(String(each))) without.add(each)
  })
  expect([...without]).toEqual([])
  expect(people.byExtension('1000')?.id).toBe('test/1999')
  expect(people.size).toBe(2000)
})
