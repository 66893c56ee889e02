import { expect, test } from 'vitest'
import { WrittenRows } from '../src/state/written-rows.ts'
import { startTestService } from './support/service.ts'

test('of a state that the next service has, nobody of the one before hears, and everybody of the next', async () => {
  await using company = await startTestService({ ldif: '' })
  const { service } = company
  const rows = Object.entries(service.state).flatMap(([name, part]) =>
    part instanceof WrittenRows ? [{ name, part }] : [],
  )
  expect(rows.map(({ name }) => name)).toContain('queueMembers')
  const before: string[] = []
  const after: string[] = []
  for (const { name, part } of rows) part.onChange(() => before.push(name))
  service.state.secrets.onChange(() => before.push('secrets'))

  await using state = await service.leave()
  for (const { name, part } of rows) part.onChange(() => after.push(name))
  state.secrets.onChange(() => after.push('secrets'))
  await service[Symbol.asyncDispose]()
  for (const { part } of rows) await part.put('501', { id: '501' })
  await state.secrets.choose('company/501', 'voicemailPin', '4711')
  expect(before).toEqual([])
  expect(after).toEqual([...rows.map(({ name }) => name), 'secrets'])
})
