import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startPostgres } from '../../rig/postgres.ts'
import { startCluster, until } from '../../support/cluster.ts'
import { startNode } from '../../support/node-process.ts'
import { entry, type TestService } from '../../support/service.ts'

const ldif = entry('ada', 1, { cn: 'Ada', telephoneNumber: '501' })

test('PostgreSQL dies and its standby takes over: the nodes go on with that one, and nothing is lost', async () => {
  await using postgres = await startPostgres()
  const database = (await postgres.createDatabase()).split('/').at(-1)
  const standby = await postgres.addStandby()
  const servers = `127.0.0.1:${postgres.port},127.0.0.1:${standby.port}`
  const state = `postgres://postgres@${servers}/${database}`
  await using cluster = await startCluster(postgres, ldif, state)
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  const store = (node: TestService, id: string) => node.ask('ps_contacts/store', `id=${id}&uri=x`)
  const ids = (node: TestService) =>
    Array.from(node.service.state.contacts.values(), ({ id }) => id).sort()

  expect(await store(a, '501;@before')).toBe('1')
  await postgres.stop('SIGKILL')
  expect(await store(a, '501;@a')).toBe('1')
  expect(await store(b, '501;@b')).toBe('1')
  await standby.promote()
  const tookMs = await until(() => ids(a).length === 3 && ids(b).length === 3)
  process.stderr.write(`fail-over: both nodes know everything ${Math.round(tookMs)} ms later\n`)
  expect(ids(a)).toEqual(ids(b))
  await until(() => a.service.state.lease.isHeld || b.service.state.lease.isHeld)
  const holder = a.service.state.lease.isHeld ? a : b
  await holder.change(entry('ada', 1, { cn: 'Ada after', telephoneNumber: '501' }))
  const name = (node: TestService) => node.service.people.byExtension('501')?.name
  await until(() => name(a) === 'Ada after' && name(b) === 'Ada after')
})

test('a node that is started while PostgreSQL is away says so and ends', async () => {
  const key = randomBytes(32).toString('base64')
  const state = 'postgres://peerage:a-secret@127.0.0.1:1/peerage'
  const started = startNode({ name: 'a', state, key, ldif })
  await expect(started).rejects.toThrow(/127\.0\.0\.1:1\/peerage' could not be read.*ECONNREFUSED/)
  await expect(started).rejects.not.toThrow(/a-secret/)
})
