import { expect, test } from 'vitest'
import { Roster } from '../../src/answers/admin/roster.ts'
import type { Member } from '../../src/people/member.ts'
import { People } from '../../src/people/people.ts'
import { makePerson } from '../support/person.ts'

const member = (id: string, name: string): Member => ({
  person: makePerson(null, { id: `test/${id}`, name }),
  claims: [],
})
const put = (people: People, members: readonly Member[]) =>
  people.apply({
    put: members.map((after) => ({ before: people.member(after.person.id), after })),
    removed: [],
  })
const namesIn = async (roster: Roster) =>
  (await roster.everybody()).map(({ member: { person } }) => person.name)

test('everybody stands in the order of the names, whatever their accents', async () => {
  const people = new People(['test'])
  using roster = new Roster(people)
  put(people, [
    member('1', 'Øystein'),
    member('2', 'Zoë'),
    member('3', 'Émile'),
    member('4', 'Ada'),
  ])
  expect(await namesIn(roster)).toEqual(['Ada', 'Émile', 'Øystein', 'Zoë'])
})

test('who is renamed, new or gone is in his place at the next look', async () => {
  const people = new People(['test'])
  using roster = new Roster(people)
  put(people, [member('1', 'Ada'), member('2', 'Bob'), member('3', 'Cleo')])
  await roster.everybody()
  put(people, [member('1', 'Dora'), member('4', 'Anna')])
  people.apply({ put: [], removed: [member('2', 'Bob')] })
  expect(await namesIn(roster)).toEqual(['Anna', 'Cleo', 'Dora'])
})

test('a change of very many while the order is made is not lost', async () => {
  const people = new People(['test'])
  using roster = new Roster(people)
  const many = (name: string) =>
    Array.from({ length: 2000 }, (_, at) =>
      member(String(at), `${name} ${String(at).padStart(4, '0')}`),
    )
  put(people, many('Old'))
  const asked = namesIn(roster)
  put(people, many('New'))
  put(people, [member('0', 'Last of all')])
  const names = await asked
  expect(names).toHaveLength(2000)
  expect(names.filter((name) => name.startsWith('Old'))).toEqual([])
  expect(names[0]).toBe('Last of all')
})
