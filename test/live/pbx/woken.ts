import { expect, test } from 'vitest'
import type { Phone } from '../../rig/phone.ts'
import { ada, linus, zoe, type Branch } from './branch.ts'

/** What else hangs on an Asterisk's knowing of a phone, before and after restarts of either side. */
export function wokenContract(branch: () => Branch): void {
  const moments: readonly (readonly [string, () => Promise<void>])[] = [
    ['at first', async () => {}],
    ['after a restart of Asterisk', () => branch().asterisk.restart()],
    [
      'after a restart of Peerage',
      async () => {
        await branch().stopPeerage()
        await branch().startPeerage()
      },
    ],
    [
      'after a reload of res_pjsip',
      async () => {
        await branch().asterisk.cli('module reload res_pjsip.so')
        await branch().stopPeerage() // a reload is noticed at once by a Peerage that starts
        await branch().startPeerage()
      },
    ],
  ]

  test.for(moments)('a queue rings who has a phone, %s', async ([, happens]) => {
    await using caller = await branch().phone(ada)
    await using member = await branch().phone(zoe)
    await caller.register()
    await member.register()
    await happens()
    await branch().told()
    const shows = () => branch().asterisk.cli('queue show everybody')
    await expect.poll(shows, { timeout: 8000 }).toMatch(/PJSIP\/502[^\n]*(Not in use|In use)/)
    // Asterisk rings the first address that it does not know to be dead: another test's, maybe.
    const unsure = async () =>
      (await branch().asterisk.cli('pjsip show contacts')).match(
        /502\/sip\S+ +\S+ +(?!Avail|Unavail)\S+/g,
      )
    await expect.poll(unsure, { timeout: 8000 }).toBeNull()
    const out = await caller.call('900')
    await (await member.incoming()).answer()
    await out.talking()
    await out.hangUp()
    expect(await shows()).toMatch(/PJSIP\/503[^\n]*Unavailable/)
  })

  test.for(moments)('a phone is asked whether it is there, %s', async ([, happens]) => {
    await using phone = await branch().phone(ada)
    await phone.register()
    await happens()
    await branch().told()
    const asked = phone.optionsTaken
    await expect.poll(() => phone.optionsTaken, { timeout: 8000 }).toBeGreaterThan(asked + 1)
    expect(await branch().asterisk.cli('pjsip show contacts')).toMatch(
      new RegExp(`501@127\\.0\\.0\\.1:${phone.port} +\\S+ Avail`),
    )
  })

  test.for(moments)('a message lamp is told of a new message, %s', async ([, happens]) => {
    await using caller = await branch().phone(ada)
    await using owner = await branch().phone(linus)
    await caller.register()
    await owner.register()
    const { fresh } = await owner.messages(() => true)
    await happens()
    await branch().told()
    const lit = owner.messages((messages) => messages.fresh === fresh + 1, 20_000)
    await leaveMessage(branch(), caller, owner)
    await lit
  })

  test('a woken endpoint is still what Peerage says it is', async () => {
    const { asterisk } = branch()
    await using phone = await branch().phone(ada)
    await phone.register()
    await branch().told()
    const shown = await asterisk.cli('pjsip show endpoint 501')
    expect(shown).toMatch(/^ callerid +: "Ada Lovelace" <501>$/m)
    expect(shown).toMatch(/^ allow +: \(opus\|g722\|alaw\|ulaw\)$/m)
    await (await phone.call('901')).ended()
    await asterisk.logged('site Berlin of a b')
  })
}

/** Calls somebody who refuses, and speaks after the tone. */
export async function leaveMessage(
  { asterisk }: Branch,
  caller: Phone,
  owner: Phone,
): Promise<void> {
  const before = (await asterisk.logs()).length
  const out = await caller.call(owner.user)
  ;(await owner.incoming()).refuse()
  await out.hears('sound')
  await out.press('#') // past the greeting
  await asterisk.logged('Recording the message', before)
  await out.speak(2000)
  await out.hangUp()
}
