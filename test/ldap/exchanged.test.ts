import { Client } from 'ldapts'
import { expect, test } from 'vitest'
import { Doors } from '../../src/http/doors.ts'
import { listenLdap } from '../../src/http/ldap.ts'
import { openLogger } from '../../src/logger.ts'
import { named, openOffice, site } from '../phonebook/office.ts'

test('a phone that stays connected reads the people of the next service, and not those of the one before', async () => {
  await using doors = await Doors.open()
  const where = { pbx: '', web: '', ldap: '127.0.0.1:0' }
  async function serve(name: string) {
    const stack = new AsyncDisposableStack()
    const office = stack.use(await openOffice([named('503', 'Anna', name)]))
    const { phonebook, tokens, token } = office
    const deps = { phonebook, tokens, site, log: openLogger('silent'), now: Date.now }
    const { ldap } = await listenLdap(where, undefined, deps, stack, doors)
    return { port: ldap?.port, token, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  }
  const read = async (client: Client, token: string) => {
    await client.bind('phone', token)
    const filter = '(telephoneNumber=503)'
    return (await client.search('dc=peerage', { scope: 'sub', filter })).searchEntries[0]?.['sn']
  }
  const before = await serve('Before')
  const client = new Client({ url: `ldap://127.0.0.1:${before.port}` })
  expect(await read(client, before.token)).toBe('Before')
  await using next = await serve('After')
  // One that is just asking is answered still.
  const asking = read(client, before.token)
  await Promise.all([before[Symbol.asyncDispose](), asking])
  expect(await asking).toBe('Before')
  // It connects anew by itself, as phones do.
  expect(await read(client, next.token)).toBe('After')
  await client.unbind()
})
