import { expect, test } from 'vitest'
import { queueEffects } from '../../src/people/queue-effects.ts'
import type { Person } from '../../src/person/person.ts'
import { makePerson } from '../support/person.ts'

const queuesOf = ({ groups }: Person) => groups
const member = (person: Person) => ({ person, claims: [] })
const ada = makePerson('501', { name: 'Ada', groups: ['sales'] })

/** What a change of one person does, as `queue: +name -name`. */
async function effectsOf(before: Person | undefined, after: Person | null): Promise<string[]> {
  const change = after
    ? { put: [{ before: before && member(before), after: member(after) }], removed: [] }
    : { put: [], removed: before ? [member(before)] : [] }
  const effects = await queueEffects(change, queuesOf, 100)
  return effects.map(({ queue, joins, leaves }) => {
    const names = [...joins.map(({ name }) => `+${name}`), ...leaves.map(({ name }) => `-${name}`)]
    return `${queue}: ${names.join(' ')}`
  })
}

test.each<[string, Person | undefined, Person | null, string[]]>([
  ['is new', undefined, ada, ['sales: +Ada']],
  ['is deleted', ada, null, ['sales: -Ada']],
  ['is disabled', ada, { ...ada, disabled: 'disabled' }, ['sales: -Ada']],
  ['has no extension any more', ada, { ...ada, extension: null }, ['sales: -Ada']],
  ['changes the group', ada, { ...ada, groups: ['support'] }, ['sales: -Ada', 'support: +Ada']],
  ['is renamed', ada, { ...ada, name: 'Ada L' }, []],
])('who %s', async (_what, before, after, effects) => {
  expect(await effectsOf(before, after)).toEqual(effects)
})

test('no more people are named than asked for', async () => {
  const put = ['501', '502', '503'].map((extension) => {
    return { before: undefined, after: member(makePerson(extension, { groups: ['sales'] })) }
  })
  const [sales] = await queueEffects({ put, removed: [] }, queuesOf, 2)
  expect(sales?.joins).toHaveLength(2)
})
