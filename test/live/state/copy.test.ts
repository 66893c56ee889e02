import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPostgres } from '../../rig/postgres.ts'
import { openState } from '../../../src/state/state.ts'
import { tables } from '../../../src/state/tables.ts'
import { runPeerage } from '../../support/process.ts'
import { entry, startTestService } from '../../support/service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('an installation is moved from SQLite to PostgreSQL, and back, with everything', async () => {
  await using postgres = await startPostgres()
  await using folder = await temporaryFolder()
  const ldif = Array.from({ length: 1200 }, (_, index) =>
    entry(`p${index}`, index, { cn: 'Änne', telephoneNumber: String(5000 + index) }),
  ).join('')
  const yaml = 'guard: { changes: 10, percent: 10 }'
  {
    const state = '"sqlite:./peerage.db"'
    const options = { ldif, folder: folder.path, state, yaml, leavers: '{ grace: 24h }' }
    await using it = await startTestService(options)
    await it.ask('ps_contacts/store', 'id=5001;@a&uri=sip%3A5001%40127.0.0.1')
    await it.service.state.secrets.choose(
      it.service.people.byExtension('5001')?.id ?? '',
      'pin',
      '4711',
    )
  }
  const target = await postgres.createDatabase()
  const from = 'sqlite:./peerage.db'
  const copied = await runPeerage(['state', 'copy', from, target], folder.path)
  expect(copied.text).toMatch(/people +1200\n[^]*copied to postgres:/)
  expect(copied.code).toBe(0)

  const stateKey = (await readFile(join(folder.path, 'peerage.key'), 'utf8')).trim()
  const journal = { stateKey, stateJournalFile: join(folder.path, 'node.db') }
  await using before = await openState(
    { state: `sqlite:${join(folder.path, 'peerage.db')}` },
    Date.now,
  )
  await using after = await openState({ state: target, ...journal }, Date.now)
  for (const { name, key } of tables) {
    const rows = `select * from ${name} order by ${key.join(', ')}`
    expect(await after.database.query(rows)).toEqual(await before.database.query(rows))
  }
  const members = (await Array.fromAsync(after.people.load())).flat()
  expect(members).toHaveLength(1200)
  for (const { person } of members) {
    expect(after.secrets.sip(person.id)).toBe(before.secrets.sip(person.id))
  }
  expect([...after.contacts.values()]).toEqual([...before.contacts.values()])

  const again = await runPeerage(['state', 'copy', from, target], folder.path)
  expect(again).toMatchObject({ code: 1, text: expect.stringMatching(/is not empty.*'people'/) })
  const back = await runPeerage(['state', 'copy', target, 'sqlite:./back.db'], folder.path)
  expect(back.code).toBe(0)
  const none = await runPeerage(['state', 'copy', 'sqlite:./none.db', target], folder.path)
  expect(none).toMatchObject({ code: 1, text: expect.stringMatching(/there is no state/) })
})
