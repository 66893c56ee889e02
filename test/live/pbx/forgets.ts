import { describe, expect, test } from 'vitest'
import { ada, everybody, linus, zoe, type Branch } from './branch.ts'

const refused = [401, 403]

/** What a change of the directory does to an Asterisk that remembers for ever. */
export function forgetsContract(branch: () => Branch): void {
  test('a changed secret counts at the next REGISTER, and the old one no longer', async () => {
    await using phone = await branch().phone(ada)
    expect((await phone.register()).status).toBe(200)
    expect((await phone.register()).status).toBe(200) // out of the cache
    const changed = { ...ada, secret: 'ada-two' }
    await using set = await branch().phone(changed)
    await branch().change([changed, zoe, linus])
    await branch().told()
    expect((await set.register()).status).toBe(200)
    expect((await phone.register()).status).toBeOneOf(refused)
    await branch().change(everybody)
    await branch().told()
    expect((await phone.register()).status).toBe(200)
  })

  test('a secret that somebody chose counts at the next REGISTER', async () => {
    const { people, state } = branch().company().service
    await using phone = await branch().phone(zoe)
    expect((await phone.register()).status).toBe(200)
    await using set = await branch().phone({ ...zoe, secret: 'chosen' })
    await state.secrets.choose(people.byExtension('502')?.id ?? '', 'sip', 'chosen')
    await branch().told()
    expect((await set.register()).status).toBe(200)
    await state.secrets.choose(people.byExtension('502')?.id ?? '', 'sip', zoe.secret)
    await branch().told()
    expect((await phone.register()).status).toBe(200)
  })

  test('a changed name shows at the next call', async () => {
    await using caller = await branch().phone(ada)
    await using called = await branch().phone(zoe)
    await caller.register()
    await called.register()
    const callShows = async () => {
      const out = await caller.call('502')
      const { name } = (await called.incoming()).from
      await out.hangUp()
      return name
    }
    expect(await callShows()).toBe('Ada Lovelace')
    await branch().change([{ ...ada, name: 'Ada King' }, { ...zoe, name: 'Zoe King' }, linus])
    await branch().told()
    expect(await callShows()).toBe('Ada King')
    await branch().change(everybody)
    await branch().told()
    expect(await callShows()).toBe('Ada Lovelace')
  })

  describe('somebody who left', () => {
    test('is not let in and not called, within a second', async () => {
      const rung: string[] = []
      await using phone = await branch().phone(linus, { onIncoming: () => rung.push('linus') })
      await using caller = await branch().phone(ada)
      await caller.register()
      expect((await phone.register()).status).toBe(200)
      const begun = Date.now()
      await branch().change([ada, zoe])
      expect((await phone.register()).status).toBeOneOf(refused)
      expect(Date.now() - begun).toBeLessThan(1000)
      const { contacts, registrations } = branch().company().service.state
      await branch().told()
      expect([...contacts.values()].filter(({ endpoint }) => endpoint === '503')).toEqual([])
      expect([...registrations.values()].filter(({ name }) => name === '503')).toEqual([])
      const out = await caller.call('503')
      expect(await out.ended()).toEqual({ by: 'them', status: 404 })
      expect(rung).toEqual([])
      await branch().change(everybody)
      await branch().told()
      expect((await phone.register()).status).toBe(200)
    })

    test('is not called when somebody else gets the extension', async () => {
      const rung: string[] = []
      await using phone = await branch().phone(linus, { onIncoming: () => rung.push('linus') })
      await using caller = await branch().phone(ada)
      await caller.register()
      expect((await phone.register()).status).toBe(200)
      const heir = { id: 9, extension: '503', name: 'Grace Hopper', secret: 'grace-1' }
      await branch().change([ada, zoe, heir])
      await branch().told()
      expect((await phone.register()).status).toBeOneOf(refused)
      await using set = await branch().phone(heir)
      expect((await set.register()).status).toBe(200)
      const out = await caller.call('503')
      await set.incoming()
      await out.hangUp()
      expect(rung).toEqual([])
      await branch().change(everybody)
      await branch().told()
    })
  })

  describe('nothing is lost', () => {
    test('when Asterisk was started again', async () => {
      await using phone = await branch().phone(ada)
      expect((await phone.register()).status).toBe(200)
      await branch().asterisk.restart()
      await branch().told()
      expect((await phone.register()).status).toBe(200)
      const changed = { ...ada, secret: 'restarted' }
      await branch().change([changed, zoe, linus])
      await branch().told()
      await using set = await branch().phone(changed)
      expect((await set.register()).status).toBe(200)
      expect((await phone.register()).status).toBeOneOf(refused)
      await branch().change(everybody)
      await branch().told()
    })

    test('when the directory changed while Peerage was away', async () => {
      await using phone = await branch().phone(ada)
      expect((await phone.register()).status).toBe(200)
      await branch().stopPeerage()
      const changed = { ...ada, secret: 'meanwhile' }
      await branch().startPeerage([changed, zoe, linus])
      await branch().told()
      await using set = await branch().phone(changed)
      expect((await set.register()).status).toBe(200)
      expect((await phone.register()).status).toBeOneOf(refused)
      await branch().change(everybody)
      await branch().told()
    })
  })

  test('with a wrong password for the manager interface answers go on, and the status says why', async () => {
    await branch().stopPeerage()
    await branch().startPeerage(everybody, 'wrong')
    const { service } = branch().company()
    await expect
      .poll(() => service.asterisks.status()[0]?.problem ?? '', { timeout: 10_000 })
      .toMatch(/AMI user 'peerage' refused .*check asterisk\[0\]\.ami\.user and its password/)
    await using phone = await branch().phone(ada)
    expect((await phone.register()).status).toBe(200)
    // The proof that it is the telling that does it: without, the old secret goes on working.
    const changed = { ...ada, secret: 'nobody-tells' }
    await branch().change([changed, zoe, linus])
    expect((await phone.register()).status).toBe(200)
    await branch().stopPeerage()
    await branch().startPeerage([changed, zoe, linus])
    await branch().told()
    expect((await phone.register()).status).toBeOneOf(refused)
    await branch().change(everybody)
    await branch().told()
  })
}
