import { describe, expect, test } from 'vitest'
import { ada, linus, zoe, type Office } from './office.ts'

/** What every Asterisk must do with the phones of people, whatever its SIP is called. */
export function callsContract(office: () => Office): void {
  describe('registration', () => {
    test('a phone is let in with the secret that was made for its person', async () => {
      await using phone = await office().phone(ada)
      const again = await phone.register(120)
      expect(again.status).toBe(200)
      expect(again.contacts).toEqual([expect.stringContaining(`sip:501@127.0.0.1:${phone.port}`)])
    })

    test('a wrong password is refused, and harms nobody who has the right one', async () => {
      await using wrong = await office().strangePhone({ user: ada.extension, secret: 'guessed' })
      expect((await wrong.register()).status).toBeOneOf([401, 403])
      await using right = await office().phone(ada)
      expect((await right.register()).status).toBe(200)
    })

    test('a user whom nobody knows is asked for a password like everybody, and refused', async () => {
      await using stranger = await office().strangePhone({ user: '599', secret: 'guessed' })
      const refused = await stranger.register()
      expect(refused.status).toBeOneOf([401, 403])
      expect(refused.algorithm).toBe('MD5')
    })

    test('a phone that signed off rings no more', async () => {
      await using phone = await office().phone(linus, { patienceMs: 1000 })
      expect((await phone.unregister()).contacts).toEqual([])
      await using caller = await office().phone(ada)
      const out = await caller.call('503')
      await out.talking() // his voicemail
      await expect(phone.incoming()).rejects.toThrow('nobody called')
      await out.hangUp()
    })
  })

  describe('calls', () => {
    test('two people talk, and each hears the other', async () => {
      await using first = await office().phone(ada, { toneHz: 440 })
      await using second = await office().phone(zoe, { toneHz: 620 })
      const out = await first.call('502')
      const coming = await second.incoming()
      await out.ringing()
      await coming.answer()
      await out.talking()
      await Promise.all([out.hears(620), coming.hears(440)])
      const [one, other] = await Promise.all([out.media(), coming.media()])
      expect(one.lost + other.lost).toBe(0)
      await out.hangUp()
      expect(await coming.ended()).toEqual({ by: 'them', status: null })
    })

    test('the called phone shows the name of the directory, not what the caller claims', async () => {
      await using caller = await office().phone(zoe, { name: 'The Chancellor' })
      await using called = await office().phone(ada)
      const out = await caller.call('501')
      const coming = await called.incoming()
      expect(coming.from).toEqual({ name: 'Zoë Müller', number: '502' })
      await out.hangUp()
    })

    test('an alias reaches the same phone', async () => {
      await using caller = await office().phone(zoe)
      await using called = await office().phone(ada)
      const out = await caller.call('ada')
      const coming = await called.incoming()
      await coming.answer()
      await out.talking()
      await coming.hangUp()
      expect(await out.ended()).toEqual({ by: 'them', status: null })
    })

    test('who gives up stops the ringing', async () => {
      await using caller = await office().phone(zoe)
      await using called = await office().phone(ada)
      const out = await caller.call('501')
      const coming = await called.incoming()
      await out.ringing()
      await out.hangUp()
      expect(await coming.ended()).toEqual({ by: 'them', status: 487 })
    })

    test('a number that nobody has is not found', async () => {
      await using caller = await office().phone(zoe)
      const out = await caller.call('577')
      expect(await out.ended()).toEqual({ by: 'them', status: 404 })
    })

    test('a stranger cannot call anybody', async () => {
      await using stranger = await office().strangePhone({ user: '599', secret: 'guessed' })
      await using called = await office().phone(ada, { patienceMs: 500 })
      const out = await stranger.call('501')
      expect((await out.ended()).status).toBeOneOf([401, 403])
      await expect(called.incoming()).rejects.toThrow('nobody called')
    })

    test('*43 sends back what it hears', async () => {
      await using phone = await office().phone(ada, { toneHz: 440 })
      const out = await phone.call('*43')
      await out.talking()
      await out.hears(440)
      await out.hangUp()
    })
  })

  describe('a trunk', () => {
    test.for(['+49301234501', '0301234501', '0049301234501', '49301234501'])(
      'rings the owner of a public number that it writes as %s',
      async (number) => {
        await using called = await office().phone(ada, { toneHz: 440 })
        await using trunk = await office().trunk('+4989555')
        const out = await trunk.call(number)
        const coming = await called.incoming()
        expect(coming.from.number).toBe('+4989555')
        await coming.answer()
        await out.hears(440)
        await out.hangUp()
      },
    )

    test('rings everybody who shares a public number, until one answers', async () => {
      await using first = await office().phone(ada)
      await using second = await office().phone(zoe, { toneHz: 620 })
      await using trunk = await office().trunk('+4989555')
      const out = await trunk.call('+49301234400')
      const [one, other] = await Promise.all([first.incoming(), second.incoming()])
      await other.answer()
      expect(await one.ended()).toEqual({ by: 'them', status: 487 })
      await out.hears(620)
      await out.hangUp()
    })

    test.for(['ada', '+49301239501', '**97', '*97', '*43'])(
      'reaches nothing of the inside, and no number of others, by dialling %s',
      async (number) => {
        await using trunk = await office().trunk('+4989555')
        const out = await trunk.call(number)
        expect(await out.ended()).toEqual({ by: 'them', status: 404 })
      },
    )
  })
}
