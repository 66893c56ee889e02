import { describe, expect, test } from 'vitest'
import { ada, handmadeSecret, linus, zoe, type Office } from './office.ts'

/** What only Asterisk with PJSIP can do. */
export function pjsipContract(office: () => Office): void {
  test('all phones of a person ring', async () => {
    await using desk = await office().phone(linus)
    await using pocket = await office().phone(linus, { toneHz: 620 })
    await using caller = await office().phone(ada)
    const out = await caller.call('503')
    const [one, other] = await Promise.all([desk.incoming(), pocket.incoming()])
    await other.answer()
    expect(await one.ended()).toEqual({ by: 'them', status: 487 })
    await out.hears(620)
    await out.hangUp()
  })

  test('a phone kept by hand in pjsip.conf works beside those of people', async () => {
    await using reception = await office().strangePhone({
      user: 'reception',
      secret: handmadeSecret,
      toneHz: 440,
    })
    expect(await reception.register()).toMatchObject({ status: 200, algorithm: 'SHA-256' })
    await using called = await office().phone(ada)
    const out = await reception.call('501')
    const coming = await called.incoming()
    await coming.answer()
    await coming.hears(440)
    await out.hangUp()
  })

  test('a busy lamp follows a phone', async () => {
    await using watcher = await office().phone(zoe)
    await using watched = await office().phone(ada)
    await watcher.lamp('501', 'free')
    const out = await watcher.call('501')
    await watcher.lamp('501', 'ringing')
    await (await watched.incoming()).answer()
    await watcher.lamp('501', 'busy')
    await out.hangUp()
    await watcher.lamp('501', 'free')
  })

  describe('a phone that registers with an address made to change the call', () => {
    test.for(['503,1', '503&PJSIP', '503&Local', '503,60,L(1)U(evil)'])(
      'is rung, and `%s` stays out of the dialplan',
      async (contactUser) => {
        const { asterisk } = office()
        const before = (await asterisk.logs()).length
        await using odd = await office().phone(linus, { contactUser })
        await using caller = await office().phone(ada)
        const out = await caller.call('503')
        await odd.incoming()
        await out.hangUp()
        expect((await asterisk.logs()).slice(before)).toMatch(
          /Dial\("PJSIP\/501-\w+", "PJSIP\/503,/,
        )
      },
    )
  })
}
