import { expect, test } from 'vitest'
import type { Company } from './company.ts'

/** Which number the provider sees. */
export function outboundContract(company: () => Company): void {
  test("shows the person's own number, and not his name", async () => {
    await using phone = await company().phone('501')
    const out = await phone.call('004089999999')
    const coming = await company().provider('agi').incoming()
    expect(coming.from.number).toBe('+49301234501')
    expect(coming.from.name ?? '').not.toContain('Ada')
    await coming.answer()
    await out.talking()
    await out.hangUp()
  })

  test('dials E.164, whatever was dialled', async () => {
    await using phone = await company().phone('502')
    const out = await phone.call('001703920018')
    expect((await company().provider('agi').incoming()).to).toBe('+491703920018')
    await out.hangUp()
  })

  test('hides the number when that is asked for', async () => {
    await using phone = await company().phone('501')
    const out = await phone.call('*31#001703920018')
    const coming = await company().provider('agi').incoming()
    expect(`${coming.from.name} ${coming.from.number}`.toLowerCase()).toContain('anonymous')
    expect(coming.to).toBe('+491703920018')
    await out.hangUp()
  })
}
