import { expect, test } from 'vitest'
import { NumberLedger } from '../../src/answers/admin/number-ledger.ts'
import type { Member } from '../../src/people/member.ts'
import { People } from '../../src/people/people.ts'
import { compileSite } from '../../src/person/site.ts'
import { makePerson } from '../support/person.ts'

const site = compileSite({ country: 'DE', areaCode: '30', dids: '+49302312 5xx -> 5xx' })

const member = (id: string, extension: string | null, mobile = ''): Member => ({
  person: makePerson(extension, {
    id: `test/${id}`,
    numbers: mobile === '' ? [] : [{ kind: 'mobile', e164: null, text: mobile }],
  }),
  claims: [],
})
const put = (people: People, members: readonly Member[]) =>
  people.apply({
    put: members.map((after) => ({ before: people.member(after.person.id), after })),
    removed: [],
  })
const used = async (ledger: NumberLedger) =>
  (await ledger.report()).use.map(({ digits, used: count, free }) => [digits, count, free.length])

test('extensions are counted by length, with the gaps between them', async () => {
  const people = new People(['test'])
  using ledger = new NumberLedger(people, site)
  put(people, [member('1', '501'), member('2', '510'), member('3', '1000'), member('4', null)])
  expect((await ledger.report()).use).toEqual([
    { digits: 3, used: 2, free: [{ first: '502', last: '509', count: 8 }] },
    { digits: 4, used: 1, free: [] },
  ])
})

test('an extension that two want is free when the second has left, and a moved one at once', async () => {
  const people = new People(['test'])
  using ledger = new NumberLedger(people, site)
  put(people, [member('1', '501'), member('2', '501'), member('3', '503')])
  expect(await used(ledger)).toEqual([[3, 2, 1]])
  people.apply({ put: [], removed: [member('2', '501')] })
  expect(await used(ledger)).toEqual([[3, 2, 1]])
  put(people, [member('1', '502')])
  expect(await used(ledger)).toEqual([[3, 2, 0]])
  people.apply({ put: [], removed: [member('1', '502'), member('3', '503')] })
  expect(await used(ledger)).toEqual([])
})

test('a number that cannot be read is listed until it can', async () => {
  const people = new People(['test'])
  using ledger = new NumberLedger(people, site)
  put(people, [member('1', '501', 'ask me'), member('2', '502')])
  expect((await ledger.report()).unreadable).toMatchObject({
    count: 1,
    first: [{ text: 'ask me' }],
  })
  put(people, [member('1', '501')])
  expect((await ledger.report()).unreadable).toEqual({ count: 0, first: [] })
})

test('what changes while everybody is counted is not lost, and nothing is counted twice', async () => {
  const people = new People(['test'])
  using ledger = new NumberLedger(people, site)
  const many = (first: number) =>
    Array.from({ length: 3000 }, (_, at) => member(String(at), String(first + at)))
  put(people, many(1000))
  const asked = [ledger.report(), ledger.report()]
  put(people, many(5000))
  await Promise.all(asked)
  expect((await ledger.report()).use).toEqual([{ digits: 4, used: 3000, free: [] }])
})

test('a report is kept until somebody changes', async () => {
  const people = new People(['test'])
  using ledger = new NumberLedger(people, site)
  put(people, [member('1', '501')])
  const report = await ledger.report()
  expect(await ledger.report()).toBe(report)
  put(people, [member('2', '502')])
  expect(await ledger.report()).not.toBe(report)
})
