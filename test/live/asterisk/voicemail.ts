import { expect, test } from 'vitest'
import { ada, initialPin, linus, zoe, type Office } from './office.ts'

/** Mailboxes of people: no answer, busy, listening, the PIN. */
export function voicemailContract(office: () => Office): void {
  test('when nobody answers, voicemail does, and its owner hears the message with his PIN', async () => {
    const { asterisk } = office()
    await using caller = await office().phone(ada, { toneHz: 440 })
    await using owner = await office().phone(zoe)
    const { fresh } = await owner.messages(() => true)

    const out = await caller.call('502')
    const ignored = await owner.incoming()
    expect(await ignored.ended()).toEqual({ by: 'them', status: 487 })
    await out.hears('sound')
    const before = (await asterisk.logs()).length
    await out.press('#') // past the greeting
    await asterisk.logged('Recording the message', before)
    await out.speak(2000)
    await out.hangUp()
    await owner.messages((messages) => messages.fresh === fresh + 1)

    const box = await owner.call('*97')
    await box.hears('sound')
    await box.press(`${initialPin}#`)
    await asterisk.logged('vm-youhave', before)
    await box.press('1')
    await box.hears(440, 30_000)
    await box.hangUp()
  })

  test('who is busy has a mailbox, too', async () => {
    const { asterisk } = office()
    await using caller = await office().phone(ada)
    await using owner = await office().phone(zoe)
    const before = (await asterisk.logs()).length
    const out = await caller.call('502')
    ;(await owner.incoming()).refuse()
    await out.hears('sound')
    await asterisk.logged('"502@default,b")', before)
    await out.hangUp()
  })

  test('who has no phone at all has a mailbox, too', async () => {
    await using trunk = await office().trunk('+4989555')
    const out = await trunk.call('+49301234503')
    await out.talking()
    await out.hears('sound')
    await out.hangUp()
  })

  test('a wrong PIN opens nothing', async () => {
    const { asterisk } = office()
    await using owner = await office().phone(zoe)
    const before = (await asterisk.logs()).length
    const box = await owner.call('*97')
    await box.hears('sound')
    await box.press('0000#')
    await asterisk.logged("Playing 'vm-incorrect", before)
    await box.hangUp()
    expect((await asterisk.logs()).slice(before)).not.toContain("Playing 'vm-youhave")
  })

  test('a PIN that was changed by telephone is kept, over the next sync and a restart', async () => {
    const { asterisk } = office()
    const pin = async () =>
      (await office().row('voicemail', { mailbox: '503', context: 'default' })).get('password')
    expect(await pin()).toBe(initialPin)

    await using owner = await office().phone(linus)
    const box = await owner.call('*97')
    await box.hears('sound')
    const before = (await asterisk.logs()).length
    await box.press(`${initialPin}#`)
    await asterisk.logged('vm-youhave', before)
    await box.press('0')
    await asterisk.logged('vm-options', before)
    await box.press('5')
    await asterisk.logged('vm-newpassword', before)
    await box.press('4711#')
    await asterisk.logged('vm-reenterpassword', before)
    await box.press('4711#')
    await asterisk.logged('vm-passchanged', before)
    await box.hangUp()
    expect(await pin()).toBe('4711')

    await office().sync()
    await asterisk.restart()
    expect(await pin()).toBe('4711')
    const again = await owner.call('*97')
    await again.hears('sound')
    const later = (await asterisk.logs()).length
    await again.press('4711#')
    await asterisk.logged('vm-youhave', later)
    await again.hangUp()
  })
}
