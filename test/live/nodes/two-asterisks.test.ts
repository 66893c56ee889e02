import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { freeAmi, startAsterisk } from '../../rig/asterisk.ts'
import { openPhone } from '../../rig/phone.ts'
import { startPostgres } from '../../rig/postgres.ts'
import { until } from '../../support/cluster.ts'
import { startNode } from '../../support/node-process.ts'
import { entry } from '../../support/service.ts'

const ldif = (secret: string) =>
  entry('ada', 1, { cn: 'Ada', telephoneNumber: '501', employeeNumber: secret }) +
  entry('zoe', 2, { cn: 'Zoe', telephoneNumber: '502', employeeNumber: 'zoe-one' })

async function startSite(name: string, state: string, key: string) {
  await using stack = new AsyncDisposableStack()
  const ami = await freeAmi()
  const yaml = `asterisk: [${JSON.stringify({ name, ami })}]\n`
  const node = stack.use(await startNode({ name, state, key, ldif: ldif('ada-one'), yaml }))
  await until(async () => (await node.health())?.people === 2)
  const asterisk = stack.use(await startAsterisk({ version: 22, realtime: node.realtime, ami }))
  const opened = stack.move()
  const phone = (user: string, secret: string) =>
    openPhone({ user, secret, server: asterisk.sipServer })
  return { node, asterisk, phone, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

test('two Asterisks share phones, people and what is news, whichever node or database dies', async () => {
  await using postgres = await startPostgres()
  const state = await postgres.createDatabase()
  const key = randomBytes(32).toString('base64')
  await using one = await startSite('one', state, key)
  await using two = await startSite('two', state, key)

  await using ada = await one.phone('501', 'ada-one')
  expect((await ada.register()).status).toBe(200)
  await using zoe = await two.phone('502', 'zoe-one')
  expect((await zoe.register()).status).toBe(200)
  async function zoeCallsAda(): Promise<void> {
    const out = await zoe.call('501')
    const coming = await ada.incoming()
    expect(coming.from).toEqual({ name: 'Zoe', number: '502' })
    await coming.answer()
    await out.talking()
    await out.hangUp()
    await coming.ended()
  }
  await zoeCallsAda()

  // The node that synchronises, and that of Ada's Asterisk, is killed: the other goes on by itself.
  await one.node.kill()
  await zoeCallsAda()
  expect((await zoe.register()).status).toBe(200)
  await until(async () => (await two.node.health())?.node.synchronises === true)
  await one.node.start()
  await until(async () => (await one.node.health())?.people === 2)
  expect((await ada.register()).status).toBe(200)

  // A changed secret is news for both Asterisks, though one node only has read it.
  await two.node.writeLdif(ldif('ada-two'))
  for (const site of [one, two]) {
    await until(async () => {
      await using fresh = await site.phone('501', 'ada-two')
      return (await fresh.register()).status === 200
    })
  }

  // Without PostgreSQL phones are let in and called, as before.
  await postgres.stop('SIGKILL')
  await using later = await one.phone('501', 'ada-two')
  expect((await later.register()).status).toBe(200)
  const out = await zoe.call('501')
  await out.hangUp()
  await postgres.start()
  const contact = `%40127.0.0.1%3A${later.port}`
  await until(async () =>
    (await two.node.ask('ps_contacts/multi', 'id LIKE=501;@%')).includes(contact),
  )
}, 240_000)
