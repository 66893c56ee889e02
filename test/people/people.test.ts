import { describe, expect, test } from 'vitest'
import { claimsOf, type Member } from '../../src/people/member.ts'
import { People, type PeopleChange } from '../../src/people/people.ts'
import type { Person } from '../../src/person/person.ts'
import { makePerson } from '../support/person.ts'

/** People whose changes are made as `sync` makes them. */
class Company {
  readonly people = new People(['first', 'second', 'test'])
  #run = 0

  put(...persons: readonly Person[]): void {
    const run = ++this.#run
    const put = persons.map((person) => {
      const before = this.people.member(person.id)
      return { before, after: { person, claims: claimsOf(person, before, run) } }
    })
    this.people.apply({ put, removed: [] })
  }

  remove(...ids: readonly string[]): void {
    const removed = ids
      .map((id) => this.people.member(id))
      .filter((member): member is Member => !!member)
    this.people.apply({ put: [], removed })
  }
}

const name = (person: Person | undefined) => person?.name

describe('finding', () => {
  const company = new Company()
  const zoe = makePerson('501', {
    user: 'Zoe',
    aliases: ['zoe@Example.org', '77'],
    dids: ['+49302312501'],
    numbers: [{ kind: 'mobile', e164: '+491711234567', text: '0171 1234567' }],
  })
  const bob = makePerson('502', { dids: ['+49302312501'], disabled: 'disabled' })
  company.put(zoe, bob, makePerson(null, { id: 'test/x', name: 'Mobile only' }))
  const { people } = company

  test('by extension, exactly', () => {
    expect(people.byExtension('501')).toBe(zoe)
    expect(people.byExtension('77')).toBeUndefined()
    expect(people.byExtension('50')).toBeUndefined()
  })

  test('by alias without regard to case', () => {
    expect(people.byInternalId('ZOE@example.org')).toBe(zoe)
    expect(people.byInternalId('77')).toBe(zoe)
    expect(people.byInternalId('501')).toBe(zoe)
  })

  test('by any number, the DID shared or not', () => {
    expect(people.byNumber('+491711234567')).toEqual([zoe])
    expect(people.byNumber('+49302312501')).toEqual([zoe, bob])
    expect(people.byDid('+49302312501')).toEqual([zoe])
  })

  test('by login without regard to case', () => expect(people.byUser('zOE')).toEqual([zoe]))

  test('who is disabled is reached nowhere, but is known', () => {
    expect(people.byExtension('502')).toBeUndefined()
    expect(people.byInternalId('502')).toBeUndefined()
    expect([...people.internalIds('50')]).toEqual(['501'])
    expect(people.get('test/502')).toBe(bob)
  })
})

describe('two who want one id', () => {
  const one = (id: string, about: Partial<Person> = {}) =>
    makePerson('501', { id, name: id, ...about })

  test('the earlier owner keeps it, and the other is a listed conflict', () => {
    const company = new Company()
    company.put(one('test/b'))
    company.put(one('test/a'))
    expect(name(company.people.byExtension('501'))).toBe('test/b')
    expect(
      Array.from(company.people.conflicts(), ({ key, owner, loser }) => [key, owner.id, loser.id]),
    ).toEqual([['501', 'test/b', 'test/a']])
  })

  test('the source that stands first wins over an earlier owner', () => {
    const company = new Company()
    company.put(one('second/a'))
    company.put(one('first/z'))
    expect(name(company.people.byExtension('501'))).toBe('first/z')
  })

  test('an extension wins over an alias, so that nobody can take a colleague over', () => {
    const company = new Company()
    company.put(makePerson('600', { aliases: ['501'] }))
    company.put(one('test/late'))
    expect(name(company.people.byInternalId('501'))).toBe('test/late')
    expect(name(company.people.byExtension('600'))).toBe('Person 600')
  })

  test('whoever joins gets the extension of a leaver who is disabled', () => {
    const company = new Company()
    company.put(one('test/leaver'))
    company.put(one('test/leaver', { disabled: 'disabled' }), one('test/joiner'))
    expect(name(company.people.byExtension('501'))).toBe('test/joiner')
    expect([...company.people.conflicts()]).toEqual([])
  })

  test('the loser inherits when the owner goes, and does not lose it again', () => {
    const company = new Company()
    company.put(one('test/a'))
    company.put(one('test/b'))
    company.remove('test/a')
    expect(name(company.people.byExtension('501'))).toBe('test/b')
    company.put(one('test/a'))
    expect(name(company.people.byExtension('501'))).toBe('test/b')
  })

  test('at the same moment the order of arrival does not matter', () => {
    const there = new Company()
    there.put(one('test/a'), one('test/b'))
    const back = new Company()
    back.put(one('test/b'), one('test/a'))
    expect(name(back.people.byExtension('501'))).toBe(name(there.people.byExtension('501')))
  })
})

test('after many random changes the index is as if built anew', () => {
  const company = new Company()
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let step = 0; step < 3000; step++) {
    const id = `test/${random(60)}`
    if (random(4) === 0) company.remove(id)
    else {
      const extension = random(5) === 0 ? null : String(500 + random(40))
      const aliases = random(2) === 0 ? [] : [String(500 + random(60))]
      const dids = random(3) === 0 ? [`+4930${random(20)}`] : []
      company.put(makePerson(extension, { id, aliases, dids }))
    }
    company.people.internalIds('5').next() // keeps the sorted keys in use
  }
  const rebuilt = new People(['first', 'second', 'test'])
  const members = [...company.people.members()]
  const put: PeopleChange['put'] = members.map((after) => ({ before: undefined, after }))
  rebuilt.apply({ put, removed: [] })
  for (let number = 0; number < 600; number++) {
    const key = String(number)
    expect(company.people.byInternalId(key)?.id).toBe(rebuilt.byInternalId(key)?.id)
    expect(company.people.byExtension(key)?.id).toBe(rebuilt.byExtension(key)?.id)
    const did = `+4930${key}`
    expect(new Set(company.people.byDid(did))).toEqual(new Set(rebuilt.byDid(did)))
  }
  expect([...company.people.internalIds('')]).toEqual([...rebuilt.internalIds('')])
})

test('a change is told once, after it is done', () => {
  const company = new Company()
  const heard: (string | undefined)[] = []
  const stop = company.people.onChange(() => heard.push(name(company.people.byExtension('501'))))
  company.put(makePerson('501', { name: 'Ada' }), makePerson('502'))
  stop()
  company.put(makePerson('503'))
  expect(heard).toEqual(['Ada'])
})
