import { expect, test } from 'vitest'
import type { Call } from '../../rig/phone-call.ts'
import { openCompany, type Way } from './company.ts'
import { untilApplication } from './stasis.ts'

const customer = '+491703920018'
const calls = 50

/** Every call ends at a telephone: the one that was called, or the last resort of the dialplan. */
export function killedDuringCalls(version: 16 | 22, way: Way): void {
  test(`Peerage is killed in the middle of ${calls} calls, and every one goes on, asked by ${way}`, async () => {
    await using company = await openCompany(version)
    const answered: Call[] = []
    const take = async (call: Call) => {
      answered.push(call)
      await call.answer()
    }
    await using called = await company.phone('502', {
      patienceMs: 30_000,
      onIncoming: (call) => void take(call),
    })
    expect(called.user).toBe('502')
    company.onReception((call) => void take(call))
    await using caller = await company.stranger(way, customer)
    if (way === 'ari') await untilApplication(company)
    const place = () => caller.call('+49301234502')

    const before = await Promise.all(Array.from({ length: calls / 2 }, place))
    await Promise.all(before.map((call) => call.talking()))
    const during = Array.from({ length: calls / 2 }, place)
    const kill = company.kill()
    const after = await Promise.all(during)
    await Promise.all([kill, ...after.map((call) => call.talking())])
    const all = [...before, ...after]
    for (const call of all) expect((await call.media()).received).toBeGreaterThan(0)
    expect(all.map(({ state }) => state)).toEqual(Array(calls).fill('talking'))
    expect(answered).toHaveLength(calls)
    await Promise.all(all.map((call) => call.hangUp()))

    await company.start()
    if (way === 'ari') await untilApplication(company)
    const late = await caller.call('+49301234502')
    await late.talking()
    expect(answered.at(-1)?.from.name).toBe("Siobhán 'Shiv' O'Brien")
    await late.hangUp()
  })
}
