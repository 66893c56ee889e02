import { describe, expect, test } from 'vitest'
import { claimsOf, type Member } from '../../src/people/member.ts'
import { People, type PeopleChange } from '../../src/people/people.ts'
import { personParts } from '../../src/person/parts.ts'
import type { Person } from '../../src/person/person.ts'
import type { Standing } from '../../src/people/standing.ts'
import { makePerson } from '../support/person.ts'

const member = (id: string, about: Partial<Person> = {}, standing?: Standing): Member => {
  const extension = about.extension ?? null
  const person = makePerson(extension, { name: id, ...about, id, source: id.split('/')[0] ?? '' })
  return { person, claims: claimsOf(person, undefined, 1), ...(standing ? { standing } : {}) }
}

const missing = (stage: 'grace' | 'disabled'): Standing => ({
  directory: null,
  missing: { since: 1, stage, clock: 0, reads: 0, approved: false },
  decided: null,
  managed: true,
})

const email = 'ada@example.org'
const mobile = { kind: 'mobile', e164: '+491711', text: '0171 1' } as const
const work = { kind: 'work', e164: '+49305', text: '030 5' } as const

const joined = (parts = personParts) => {
  const people = new People(['office', 'hr'], [{ source: 'hr', to: 'office', by: 'email', parts }])
  const put = (...after: Member[]) =>
    people.apply({
      put: after.map((each) => ({ before: people.record(each.person.id), after: each })),
      removed: [],
    })
  const remove = (id: string) => {
    const before = people.record(id)
    people.apply({ put: [], removed: before ? [before] : [] })
  }
  const members = () => [...people.members()].map(({ person }) => person.id).sort()
  return { people, put, remove, members }
}

describe('a person in two sources', () => {
  test('is one; the earlier source gives each field, the later one what it lacks', () => {
    const { people, put, members } = joined()
    put(member('office/1', { email, extension: '501', numbers: [work], details: { title: 'Dr' } }))
    const details = { title: 'Prof', company: 'X' }
    const number = { ...work, text: 'other' }
    put(
      member('hr/9', {
        email: 'ADA@example.org',
        dids: ['+4930501'],
        numbers: [number, mobile],
        details,
      }),
    )
    expect(members()).toEqual(['office/1'])
    expect(people.byExtension('501')).toMatchObject({
      id: 'office/1',
      source: 'office',
      name: 'office/1',
      dids: ['+4930501'],
      numbers: [work, mobile],
      details: { title: 'Dr', company: 'X' },
    })
    expect(people.byNumber('+491711').map(({ id }) => id)).toEqual(['office/1'])
    expect([people.countOf('office'), people.countOf('hr')]).toEqual([1, 1])
    expect(people.record('hr/9')?.person.details.title).toBe('Prof')
    expect(people.partnersOf('office/1').map(({ person }) => person.id)).toEqual(['hr/9'])
  })

  test('is one in whichever order the sources are read, and after every change', () => {
    const one = member('office/1', { email, extension: '501' })
    const other = member('hr/9', { email, dids: ['+4930501'] })
    const { people, put, members } = joined()
    put(other)
    expect(members()).toEqual(['hr/9'])
    put(one)
    expect(members()).toEqual(['office/1'])
    put(member('hr/9', { email, dids: ['+4930502'] }))
    expect(people.byExtension('501')?.dids).toEqual(['+4930502'])
    put(member('hr/9', { email: 'other@example.org', dids: ['+4930502'] }))
    expect(members()).toEqual(['hr/9', 'office/1'])
    expect(people.byExtension('501')?.dids).toEqual([])
    expect(people.byDid('+4930502').map(({ id }) => id)).toEqual(['hr/9'])
  })

  test('may be given only the fields that are named', () => {
    const { people, put } = joined(['mobile'])
    put(member('office/1', { email, extension: '501' }))
    put(member('hr/9', { email, dids: ['+4930501'], numbers: [mobile] }))
    expect(people.byExtension('501')).toMatchObject({ dids: [], numbers: [mobile] })
  })

  test('who left one of them stays, with his id, from the other', () => {
    const { people, put, remove, members } = joined()
    put(member('office/1', { email, extension: '501', dids: ['+4930501'] }))
    put(member('hr/9', { email, name: 'Ada of HR', extension: '501' }))
    put(member('office/1', { email, extension: '501', dids: ['+4930501'] }, missing('grace')))
    expect(people.member('office/1')?.standing).toBeUndefined()
    expect(people.byExtension('501')?.dids).toEqual(['+4930501'])
    const left = { email, extension: '501', dids: ['+4930501'], disabled: 'left' } as const
    put(member('office/1', left, missing('disabled')))
    expect(people.byExtension('501')).toMatchObject({ id: 'office/1', name: 'Ada of HR', dids: [] })
    remove('hr/9')
    expect(people.byExtension('501')).toBeUndefined()
    expect(members()).toEqual(['office/1'])
  })

  test('who left the later one loses what only that one said', () => {
    const { people, put } = joined()
    put(member('office/1', { email, extension: '501' }))
    put(member('hr/9', { email, dids: ['+4930501'] }))
    put(member('hr/9', { email, dids: ['+4930501'], disabled: 'left' }, missing('disabled')))
    expect(people.byExtension('501')?.dids).toEqual([])
  })

  test('an administrator shuts out of the earlier source is shut out', () => {
    const { people, put } = joined()
    const decided: Standing = { directory: null, missing: null, decided: 'disabled', managed: true }
    put(member('office/1', { email, extension: '501', disabled: 'administrator' }, decided))
    put(member('hr/9', { email, extension: '501' }))
    expect(people.byExtension('501')).toBeUndefined()
    expect(people.member('office/1')?.standing).toEqual(decided)
  })
})

describe('two who could be meant', () => {
  test('are both left alone, and named', () => {
    const { people, put, members, remove } = joined()
    put(member('office/1', { email }), member('office/2', { email }), member('hr/9', { email }))
    expect(members()).toEqual(['hr/9', 'office/1', 'office/2'])
    expect(
      [...people.ambiguousJoins('hr')].map(({ key, members }) => [key, members.length]),
    ).toEqual([[email, 3]])
    remove('office/2')
    expect(members()).toEqual(['office/1'])
    expect([...people.ambiguousJoins('hr')]).toEqual([])
  })

  test('in the later source, too', () => {
    const { put, members } = joined()
    put(member('office/1', { email }), member('hr/8', { email }), member('hr/9', { email }))
    expect(members()).toEqual(['hr/8', 'hr/9', 'office/1'])
  })

  test('are not a leaver and who got his address', () => {
    const { members, put } = joined()
    put(member('office/1', { email }, missing('grace')), member('office/2', { email }))
    put(member('hr/9', { email }))
    expect(members()).toEqual(['office/1', 'office/2'])
  })

  test('are not people without an address', () => {
    const { people, put, members } = joined()
    put(member('office/1'), member('hr/9'))
    expect(members()).toEqual(['hr/9', 'office/1'])
    expect([...people.ambiguousJoins('hr')]).toEqual([])
  })
})

test('asking what a change would mean changes nothing', () => {
  const { people, put, members } = joined()
  put(
    member('office/1', { email, extension: '501' }),
    member('hr/9', { email, dids: ['+4930501'] }),
  )
  const before = people.member('office/1')
  const gone = people.record('hr/9')
  const change = people.preview({ put: [], removed: gone ? [gone] : [] })
  expect(change.put.map(({ after }) => after.person.dids)).toEqual([[]])
  expect(people.member('office/1')).toBe(before)
  expect(people.record('hr/9')).toBe(gone)
  expect(members()).toEqual(['office/1'])
  expect(people.byExtension('501')?.dids).toEqual(['+4930501'])
})

test('whatever happens in whatever order, the members are those of a fresh start', () => {
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  const { people, put, remove } = joined()
  const told: PeopleChange[] = []
  people.onChange((change) => told.push(change))
  for (let step = 0; step < 600; step++) {
    const id = `${random(2) === 0 ? 'office' : 'hr'}/${random(6)}`
    const about = { email: `${random(4)}@x.org`, extension: String(500 + random(5)) }
    const standing = random(4) === 0 ? missing('grace') : undefined
    if (random(5) === 0) remove(id)
    else put(member(id, about, standing))
  }
  const fresh = joined()
  fresh.put(...people.records())
  const shown = (of: People) =>
    [...of.members()].map(({ person, standing }) => JSON.stringify([person, standing])).sort()
  expect(shown(people)).toEqual(shown(fresh.people))
  expect([...people.conflicts()].length).toBe([...fresh.people.conflicts()].length)
  expect(told.length).toBeGreaterThan(100)
})
