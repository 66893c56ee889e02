import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { freeAmi, startAsterisk } from '../../rig/asterisk.ts'
import { mayMakeMachines, startMachine } from '../../rig/machine.ts'
import { openPhone } from '../../rig/phone.ts'
import { startPostgres } from '../../rig/postgres.ts'
import { openRelay } from '../../rig/relay.ts'
import { until } from '../../support/cluster.ts'
import { startNode } from '../../support/node-process.ts'
import { entry } from '../../support/service.ts'

const ldif = (secret: string) =>
  entry('ada', 1, { cn: 'Ada', telephoneNumber: '501', employeeNumber: secret }) +
  entry('zoe', 2, { cn: 'Zoe', telephoneNumber: '502', employeeNumber: 'zoe-one' })

const report = (text: string) => process.stderr.write(`${text}\n`)

/** A node on a machine of its own; the line between it and its Asterisk can be cut. */
async function startSite() {
  await using stack = new AsyncDisposableStack()
  const postgres = stack.use(await startPostgres())
  const database = (await postgres.createDatabase()).split('/').at(-1) ?? ''
  const machine = stack.use(await startMachine())
  const office = await machine.addLine()
  const toAsterisk = await machine.addLine()
  const relay = stack.use(await openRelay(postgres.port, office.here))
  const ami = await freeAmi()
  // It begins before Asterisk does, and goes on beyond the cut.
  const manager = stack.use(await openRelay(ami.port, toAsterisk.here))
  const asked = { ...ami, host: toAsterisk.here, port: manager.port }
  const node = stack.use(
    await startNode({
      name: 'one',
      state: `postgres://postgres@${office.here}:${relay.port}/${database}`,
      key: randomBytes(32).toString('base64'),
      ldif: ldif('ada-one'),
      yaml: `asterisk: [${JSON.stringify({ name: 'pbx', ami: asked })}]\n`,
      on: { prefix: machine.prefix, there: office.there },
    }),
  )
  await until(async () => (await node.health())?.people === 2)
  const realtime = `http://${toAsterisk.there}:${node.at.pbx}`
  const asterisk = stack.use(await startAsterisk({ version: 22, realtime, ami }))
  const opened = stack.move()
  const phone = (user: string, secret: string) =>
    openPhone({ user, secret, server: asterisk.sipServer })
  return { node, toAsterisk, phone, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

test.runIf(mayMakeMachines())(
  'the network between a node and Asterisk is cut: nobody wrong is let in, no contact is lost, and what changed meanwhile is told when it is mended',
  async () => {
    await using site = await startSite()
    const { node, toAsterisk, phone } = site
    await using ada = await phone('501', 'ada-one')
    await using zoe = await phone('502', 'zoe-one')
    expect((await ada.register()).status).toBe(200)
    expect((await zoe.register()).status).toBe(200)
    const contacts = () => node.ask('ps_contacts/multi', 'id LIKE=%25')
    const before = await contacts()
    expect(before.match(/^id=|&id=/gm)).toHaveLength(2)

    await toAsterisk.cut()
    await node.writeLdif(ldif('ada-two'))
    await until(async () => (await node.ask('ps_auths/single', 'id=501')).includes('ada-two'))
    // Asterisk is answered nothing, which means that nobody is there: nobody comes in for that.
    await using stranger = await phone('501', 'wrong')
    expect((await stranger.register().catch(() => null))?.status).not.toBe(200)
    expect(await contacts()).toBe(before)
    await new Promise((resolve) => setTimeout(resolve, 5_000))

    await toAsterisk.mend()
    const tookMs = await until(async () => {
      await using fresh = await phone('501', 'ada-two')
      return (await fresh.register().catch(() => null))?.status === 200
    }, 60_000)
    report(`Asterisk cut off: knows the new password ${Math.round(tookMs)} ms after it is mended`)
    await using old = await phone('501', 'ada-one')
    expect((await old.register()).status).not.toBe(200)
    expect((await zoe.register()).status).toBe(200)
    await using fresh = await phone('501', 'ada-two')
    expect((await fresh.register()).status).toBe(200)
    const call = await zoe.call('501')
    const coming = await fresh.incoming()
    await coming.answer()
    await call.talking()
    await call.hangUp()
    const after = await contacts()
    for (const { port } of [ada, zoe]) expect(after).toContain(`%40127.0.0.1%3A${port}`)
  },
  180_000,
)
