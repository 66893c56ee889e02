import { join } from 'node:path'
import { queryObjects } from 'node:v8'
import { expect, test } from 'vitest'
import { parseConfig } from '../src/config/config.ts'
import { openLogger } from '../src/logger.ts'
import { People } from '../src/people/people.ts'
import { startService } from '../src/service.ts'
import { WrittenRows } from '../src/state/written-rows.ts'
import { startTestService } from './support/service.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

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

test('of a service whose place the next one took, nothing stays in memory', async () => {
  await using folder = await temporaryFolder()
  const config = parseConfig(
    `site: { country: DE }
sources: { company: { preset: openldap, ldif: ./people.ldif } }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0", agi: "127.0.0.1:0" }
state: "sqlite::memory:"`,
    join(folder.path, 'peerage.yaml'),
    {},
  )
  const log = openLogger('silent')
  let service = await startService(config, { log })
  const before = queryObjects(People, { format: 'count' })
  for (let turn = 0; turn < 4; turn++) {
    const next = await startService(config, { log, state: await service.leave() })
    await service[Symbol.asyncDispose]()
    service = next
  }
  // What a timer of theirs still holds goes with it.
  const kept = () => queryObjects(People, { format: 'count' }) - before
  await expect.poll(kept, { timeout: 10_000, interval: 200 }).toBeLessThan(2)
  await service[Symbol.asyncDispose]()
  await service.state[Symbol.asyncDispose]()
})
