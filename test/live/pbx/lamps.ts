import { expect, test } from 'vitest'
import { ada, linus, zoe, type Branch } from './branch.ts'

/** What busy lamps show, on every Asterisk. */
export function lampsContract(branch: () => Branch): void {
  test('a lamp follows a phone: registers, rings, talks, hangs up, signs off', async () => {
    await using watcher = await branch().phone(zoe)
    await using watched = await branch().phone(ada)
    await watcher.register()
    await watched.register()
    await watched.unregister() // and with it whatever an earlier test may have left
    const lamp = await watcher.watch('501')
    await lamp.until('away')
    await watched.register()
    await lamp.until('free')
    const out = await watcher.call('501')
    const coming = await watched.incoming()
    await lamp.until('ringing')
    await coming.answer()
    await lamp.until('busy')
    await out.hangUp()
    await lamp.until('free')
    await watched.unregister()
    await lamp.until('away')
    await watched.register()
    await lamp.until('free')
    const changes = lamp.told.filter((each, index, all) => each !== all[index - 1])
    expect(changes.slice(changes.indexOf('away'))).toEqual([
      'away',
      'free',
      'ringing',
      'busy',
      'free',
      'away',
      'free',
    ])
  })
}

/** What they show when something breaks; chan_sip forgets who watched. */
export function lampsOverRestartsContract(branch: () => Branch): void {
  test('a lamp goes dark when a phone is gone without a word, and comes back with it', async () => {
    await using watcher = await branch().phone(zoe)
    await watcher.register()
    const lamp = await watcher.watch('503')
    const lost = await branch().phone(linus)
    await lost.register()
    await lamp.until('free')
    await lost.vanish()
    await lamp.until('away', 20_000)
    await using found = await branch().phone(linus)
    await found.register()
    await lamp.until('free')
  })

  test('lamps are right again after a restart of Asterisk, without a new REGISTER', async () => {
    const { asterisk } = branch()
    await using watcher = await branch().phone(zoe)
    await using watched = await branch().phone(ada)
    await watcher.register()
    await watched.register()
    const lamp = await watcher.watch('501')
    await lamp.until('free')
    await asterisk.restart()
    await branch().told()
    await lamp.until('free', 15_000)
    const out = await watcher.call('501')
    await (await watched.incoming()).answer()
    await lamp.until('busy')
    await out.hangUp()
    await lamp.until('free')
    await watched.unregister()
    await lamp.until('away')
  })

  test('lamps go on through a restart of Peerage, also of a phone that comes later', async () => {
    await using watcher = await branch().phone(zoe)
    await using watched = await branch().phone(ada)
    await watcher.register()
    await watched.register()
    const lamp = await watcher.watch('501')
    const other = await watcher.watch('503')
    await lamp.until('free')
    await branch().stopPeerage()
    await branch().startPeerage()
    await branch().told()
    const out = await watcher.call('501')
    await (await watched.incoming()).answer()
    await lamp.until('busy')
    await out.hangUp()
    await lamp.until('free')
    await using late = await branch().phone(linus)
    await late.register()
    await other.until('free')
  })
}
