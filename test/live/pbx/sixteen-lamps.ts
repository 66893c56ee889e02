import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import type { Phone } from '../../rig/phone.ts'
import { openBranch, zoe, type Branch, type Somebody } from './branch.ts'

const watched: readonly Somebody[] = Array.from({ length: 16 }, (_, at) => ({
  id: 20 + at,
  extension: String(520 + at),
  name: `Watched ${at}`,
  secret: `watched-${at}`,
}))

/** A desk phone with sixteen busy lamps, half of whose owners have a phone. */
export function sixteenLampsContract(version: AsteriskVersion): void {
  let branch: Branch
  beforeAll(async () => {
    branch = await openBranch(version, { people: [zoe, ...watched] })
  })
  afterAll(() => branch[Symbol.asyncDispose]())

  const moments: readonly (readonly [string, () => Promise<void>])[] = [
    ['at first', async () => {}],
    [
      'after a restart of Peerage',
      async () => {
        await branch.stopPeerage()
        await branch.startPeerage()
      },
    ],
    ['after a restart of Asterisk', () => branch.asterisk.restart()],
  ]

  test.for(moments)(
    'sixteen lamps show who is there and who talks, %s',
    { timeout: 90_000 },
    async ([, happens]) => {
      await using stack = new AsyncDisposableStack()
      const opened = async (person: Somebody): Promise<Phone> => {
        const phone = stack.use(await branch.phone(person))
        await phone.register()
        return phone
      }
      const watcher = await opened(zoe)
      const there: Phone[] = []
      for (const person of watched.slice(0, 8)) there.push(await opened(person))
      await happens()
      await branch.told()
      // chan_sip asks for a peer again when he registers; after its start it knows nobody.
      if (version === 16) for (const phone of [watcher, ...there]) await phone.register()
      const lamps = await Promise.all(watched.map(({ extension }) => watcher.watch(extension)))
      for (const [at, lamp] of lamps.entries()) await lamp.until(at < 8 ? 'free' : 'away', 20_000)
      const calls = []
      for (const phone of there.slice(0, 3)) {
        const out = await watcher.call(phone.user)
        await (await phone.incoming()).answer()
        calls.push(out)
      }
      for (const [at, lamp] of lamps.entries()) {
        await lamp.until(at < 3 ? 'busy' : at < 8 ? 'free' : 'away', 20_000)
      }
      for (const call of calls) await call.hangUp()
      for (const [at, lamp] of lamps.entries()) await lamp.until(at < 8 ? 'free' : 'away', 20_000)
      const wrong = lamps.slice(8).filter(({ told }) => told.some((state) => state !== 'away'))
      expect(wrong).toEqual([])
    },
  )
}
