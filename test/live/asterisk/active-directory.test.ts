import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { parseConfig } from '../../../src/config/config.ts'
import { openLogger } from '../../../src/logger.ts'
import { startService, type Service } from '../../../src/service.ts'
import { startAsterisk } from '../../rig/asterisk.ts'
import { openPhone } from '../../rig/phone.ts'
import { startSamba } from '../../rig/samba.ts'

test('people of an Active Directory register and call each other, and lose the phone when they are disabled', async () => {
  await using samba = await startSamba()
  const user = (name: string, surname: string, telephoneNumber: string) =>
    samba.addUser({
      name,
      givenName: name,
      surname,
      attributes: { telephoneNumber: [telephoneNumber] },
    })
  await user('zoe', 'Müller', '+49 30 1234 501')
  await user('bob', 'Brown', '502')
  const yaml = stringify({
    site: { country: 'DE', areaCode: '30', dids: '+49301234xxx -> xxx' },
    sources: {
      office: {
        preset: 'active-directory',
        servers: [samba.ldapsUrl],
        caFile: samba.caFile,
        serverName: samba.serverName,
        base: samba.suffix,
        bind: { user: samba.bindUser, password: samba.bindPassword },
      },
    },
    state: 'sqlite::memory:',
    listen: { pbx: '127.0.0.1:0', web: '127.0.0.1:0' },
  })
  const log = openLogger('silent')
  await using service = await startService(parseConfig(yaml, 'ad.yaml', {}), { log })
  await service.ready
  const realtime = `http://127.0.0.1:${service.pbx.port}`
  await using asterisk = await startAsterisk({ version: 22, realtime })
  const open = (extension: string, toneHz: number) => {
    const person = service.people.byExtension(extension)
    expect(person?.id).toMatch(/^office\/[0-9a-f]{8}-[0-9a-f]{4}-/)
    const secret = service.state.secrets.sip(person?.id ?? '') ?? ''
    return openPhone({ server: asterisk.sipServer, user: extension, secret, toneHz })
  }

  await using zoe = await open('501', 620)
  await using bob = await open('502', 900)
  expect((await zoe.register()).status).toBe(200)
  expect((await bob.register()).status).toBe(200)
  expect(service.people.byDid('+49301234501').map((person) => person.user)).toEqual(['zoe'])

  const out = await zoe.call('502')
  const incoming = await bob.incoming()
  expect(incoming.from.name).toBe('zoe Müller')
  await incoming.answer()
  await Promise.all([out.hears(900), incoming.hears(620)])
  await out.hangUp()

  const gone = until(service, () => service.people.byExtension('502') === undefined)
  await samba.disable('bob')
  await gone // nobody asks for it: the service follows the directory
  expect(await (await zoe.call('502')).ended()).toMatchObject({ status: 404 })
}, 120_000)

/** Resolves when a change of people makes it true. */
async function until({ people }: Service, isTrue: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = people.onChange(() => {
    if (isTrue()) resolve()
  })
  await promise
  stop()
}
