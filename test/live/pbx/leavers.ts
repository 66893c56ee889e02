import { expect, test } from 'vitest'
import { ada, everybody, linus, zoe, type Branch } from './branch.ts'

/** What Asterisk itself knows of the phone of somebody who left. */
export function leaversContract(branch: () => Branch): void {
  /** Resolves when a phone that is still there was asked so often as each of them. */
  async function timesAsked(times: number): Promise<void> {
    await using phone = await branch().phone(ada)
    await phone.register()
    const before = phone.optionsTaken
    await expect
      .poll(() => phone.optionsTaken, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(before + times)
  }

  test('his lamp goes off, and his phone is not asked any more whether it is there', async () => {
    await using watcher = await branch().phone(zoe)
    await using phone = await branch().phone(linus)
    await watcher.register()
    await phone.register()
    const lamp = await watcher.watch('503')
    await lamp.until('free')
    await branch().change([ada, zoe])
    await lamp.until('away', 20_000)
    const asked = phone.optionsTaken
    await timesAsked(3)
    expect(phone.optionsTaken).toBe(asked)
    expect(await branch().asterisk.cli('pjsip show contacts')).not.toContain('503')
    await branch().change(everybody)
    await phone.register()
    await lamp.until('free')
  })

  test('whoever gets his extension has a lamp of his own, and the old phone stays alone', async () => {
    await using watcher = await branch().phone(zoe)
    await using phone = await branch().phone(linus)
    await watcher.register()
    await phone.register()
    const lamp = await watcher.watch('503')
    await lamp.until('free')
    const heir = { id: 9, extension: '503', name: 'Grace Hopper', secret: 'grace-1' }
    await branch().change([ada, zoe, heir])
    await branch().told()
    await lamp.until('away', 20_000)
    const asked = phone.optionsTaken
    await using set = await branch().phone(heir)
    await set.register()
    await lamp.until('free')
    await timesAsked(3)
    expect(phone.optionsTaken).toBe(asked)
    await branch().change(everybody)
    await branch().told()
    await lamp.until('away', 20_000)
  })
}
