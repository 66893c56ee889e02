import { expect, test } from 'vitest'
import type { Company } from './company.ts'

const customer = '+491703920018'
const name = "Siobhán 'Shiv' O'Brien"

/**
 * Whose name telephones show when a call reaches another one than it was made to. It is handed over
 * when those who talk have heard each other: chan_sip would lose it in the moment of the answer.
 */
export function handedOverContract(company: () => Company): void {
  test('a customer who is handed over unannounced rings with his name', async () => {
    await using first = await company().phone('502')
    await using second = await company().phone('501')
    await using caller = await company().stranger('agi', customer)
    const out = await caller.call('+49301234502')
    const taken = await first.incoming()
    await taken.answer()
    await out.talking()
    await taken.media()
    await taken.transfer('501')
    const coming = await second.incoming()
    expect(coming.from).toEqual({ name, number: customer })
    await coming.answer()
    await coming.media()
    await out.hangUp()
  })

  test('a customer who is announced takes the place of the colleague on the display', async () => {
    await using first = await company().phone('502')
    await using second = await company().phone('501')
    await using caller = await company().stranger('agi', customer)
    const out = await caller.call('+49301234502')
    const taken = await first.incoming()
    await taken.answer()
    await out.talking()
    const asking = await first.call('501')
    const asked = await second.incoming()
    expect(asked.shows.name).toBe('Zoë Müller')
    await asked.answer()
    await asking.media()
    await taken.transferTo(asking)
    expect(await asked.showing(name)).toEqual({ name, number: customer })
    await asked.media()
    await out.hangUp()
  })

  test('who calls a customer sees his name, and so does whom he is handed over to', async () => {
    await using first = await company().phone('501')
    await using second = await company().phone('502')
    const out = await first.call('001703920018')
    const customers = await company().provider('agi').incoming()
    await out.showing(name)
    expect(out.state).not.toBe('talking')
    await customers.answer()
    await out.media()
    await out.transfer('502')
    const coming = await second.incoming()
    expect(coming.from).toEqual({ name, number: '001703920018' })
    await coming.answer()
    await customers.media()
    await coming.hangUp()
  })

  test('a customer who was called and is announced is shown to whom he is handed over', async () => {
    await using first = await company().phone('501')
    await using second = await company().phone('502')
    const out = await first.call('001703920018')
    const customers = await company().provider('agi').incoming()
    await customers.answer()
    await out.media()
    const asking = await first.call('502')
    const asked = await second.incoming()
    await asked.answer()
    await asking.media()
    await out.transferTo(asking)
    await asked.showing(name)
    await customers.media()
    await asked.hangUp()
  })
}
