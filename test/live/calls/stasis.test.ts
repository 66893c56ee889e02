import { expect, test } from 'vitest'
import type { Call } from '../../rig/phone-call.ts'
import { openCompany } from './company.ts'
import { untilApplication, untilNoApplication, untilWaiting } from './stasis.ts'

const customer = '+491703920018'
const calls = 24

test('calls that waited when Peerage was killed go on with their names when it is back', async () => {
  await using company = await openCompany(22)
  const answered: Call[] = []
  const atReception: Call[] = []
  const take = (calls: Call[]) => (call: Call) => {
    calls.push(call)
    void call.answer()
  }
  await using _called = await company.phone('502', {
    patienceMs: 30_000,
    onIncoming: take(answered),
  })
  company.onReception(take(atReception))
  await using caller = await company.stranger('ari', customer)
  const place = () => Promise.all(Array.from({ length: calls }, () => caller.call('+49301234502')))

  await untilApplication(company)
  // Longer than Peerage takes to come back on the slowest machine.
  await company.asterisk.cli('dialplan set global PEERAGE_PATIENCE 60')
  const bridged = await place()
  await Promise.all(bridged.map((call) => call.talking()))
  company.ariRelay.hold()
  const waiting = await place()
  await untilWaiting(company, calls)
  await company.kill()
  company.ariRelay.cut()
  company.ariRelay.release()
  expect(bridged.map(({ state }) => state)).toEqual(Array(calls).fill('talking'))

  // The application is gone, and Asterisk says so to each new call.
  const late = await caller.call('+49301234502')
  await late.talking()
  expect(atReception).toHaveLength(1)
  expect(answered).toHaveLength(calls)

  await company.start()
  await Promise.all(waiting.map((call) => call.talking()))
  const all = [...bridged, ...waiting]
  expect(all.map(({ state }) => state)).toEqual(Array(2 * calls).fill('talking'))
  for (const call of all) expect((await call.media(5)).received).toBeGreaterThan(0)
  expect(atReception).toHaveLength(1)
  expect(answered).toHaveLength(2 * calls)
  const names = new Set(answered.map(({ from }) => from.name))
  expect([...names]).toEqual(["Siobhán 'Shiv' O'Brien"])
  await Promise.all([...all, late].map((call) => call.hangUp()))
})

test('a call goes on by itself when Peerage is there and does nothing', async () => {
  await using company = await openCompany(22)
  const reception = Promise.withResolvers<Call>()
  company.onReception(reception.resolve)
  await using caller = await company.stranger('ari', customer)
  await untilApplication(company)
  await company.asterisk.cli('dialplan set global PEERAGE_PATIENCE 1')
  company.ariRelay.hold()
  const out = await caller.call('+49301234502')
  await untilWaiting(company, 1)
  await (await reception.promise).answer()
  await out.talking()
  await out.hangUp()
})

test('calls are named again after Asterisk was restarted, and after the network broke', async () => {
  await using company = await openCompany(22)
  await using caller = await company.stranger('ari', customer)
  const interrupt = {
    restart: () => company.asterisk.restart(),
    cut: async () => {
      company.ariRelay.hold()
      company.ariRelay.cut()
      await untilNoApplication(company)
      company.ariRelay.release()
    },
  }
  await untilApplication(company)
  for (const what of ['restart', 'cut'] as const) {
    await interrupt[what]()
    await using called = await company.phone('502')
    await untilApplication(company)
    const out = await caller.call('+49301234502')
    expect((await called.incoming()).from.name).toBe("Siobhán 'Shiv' O'Brien")
    await out.hangUp()
  }
})

test('a caller who is transferred rings with his name at the next telephone, too', async () => {
  await using company = await openCompany(22)
  await using first = await company.phone('502')
  await using second = await company.phone('501')
  await using caller = await company.stranger('ari', customer)
  await untilApplication(company)
  const out = await caller.call('+49301234502')
  const taken = await first.incoming()
  await taken.answer()
  await out.talking()
  await taken.transfer('501')
  const coming = await second.incoming()
  expect(coming.from).toEqual({ name: "Siobhán 'Shiv' O'Brien", number: customer })
  await coming.answer()
  await coming.media()
  await out.hangUp()
})
