import { expect, test } from 'vitest'
import type { DirectoryPerson } from './directories.ts'
import { ada, linus, zoe, type Office } from './office.ts'

const grace: DirectoryPerson = { uid: 'grace', name: 'Grace Hopper', extension: '504' }

/** People come and go, and Asterisk is started again. */
export function changesContract(office: () => Office): void {
  test('a restart of Asterisk loses no phone', async () => {
    await using called = await office().phone(zoe, { toneHz: 620 })
    await office().asterisk.restart()
    await using caller = await office().phone(ada)
    const out = await caller.call('502')
    await (await called.incoming()).answer()
    await out.hears(620)
    await out.hangUp()
  })

  test('somebody new is let in after the sync, without a reload', async () => {
    await using early = await office().strangePhone({ user: '504', secret: 'not yet' })
    expect((await early.register()).status).toBeOneOf([401, 403])
    await office().directory.add(grace)
    await office().sync()
    await using phone = await office().phone(grace)
    await using caller = await office().phone(ada)
    const out = await caller.call('504')
    expect((await phone.incoming()).from.name).toBe('Ada Lovelace')
    await out.hangUp()
  })

  test('who left is not reached from the next call on, and not let in', async () => {
    await using phone = await office().phone(linus)
    await using caller = await office().phone(ada)
    await office().directory.remove(linus)
    await office().sync()

    const out = await caller.call('503')
    expect(await out.ended()).toEqual({ by: 'them', status: 404 })

    await office().service.asterisks.settled()
    expect((await phone.register()).status).toBeOneOf([401, 403])
  })
}
