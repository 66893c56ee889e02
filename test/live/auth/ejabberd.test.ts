import { expect, test } from 'vitest'
import { startEjabberd } from '../../rig/ejabberd.ts'
import { startSlapd } from '../../rig/slapd.ts'
import { letsInWhoMay } from './messenger.ts'
import { startOffice } from './office.ts'

test('a messenger signs in at ejabberd with the password of the directory, until its owner is disabled', async () => {
  await using slapd = await startSlapd({ shortExtensions: true })
  const source = {
    preset: 'openldap',
    servers: [slapd.url],
    caFile: slapd.caFile,
    serverName: 'localhost',
    base: slapd.suffix,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
    map: { aliases: 'mail' },
  }
  const login = { mode: 'ldap', deadlineMs: 1000, systems: [] }
  await using office = await startOffice({ office: source }, login)
  const { service, url } = office
  const token = await service.state.tokens.make('ejabberd', ['auth'])
  await using ejabberd = await startEjabberd(url, token)

  await letsInWhoMay(ejabberd, service)
  expect(await ejabberd.signIn('u1003', 'pw1003:pw1003')).toMatch(/^not-authorized/)

  await service.state.tokens.revoke('ejabberd')
  expect(await ejabberd.signIn('u1003', 'pw1003')).toMatch(/^not-authorized/)
})

test('a password with colons and umlauts comes through ejabberd as it is', async () => {
  await using slapd = await startSlapd()
  const source = {
    preset: 'openldap',
    servers: [slapd.url],
    caFile: slapd.caFile,
    serverName: 'localhost',
    base: slapd.suffix,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
  }
  await using office = await startOffice({ office: source }, { mode: 'none' })
  const { service, url } = office
  const person = service.people.byUser('u1003')[0]
  const pin = 'a:b:"ü"\\€:'
  await service.state.secrets.choose(person?.id ?? '', 'pin', pin)
  await using ejabberd = await startEjabberd(url)
  expect(await ejabberd.signIn('u1003', pin)).toBe('signed in as u1003@example.org')
  expect(await ejabberd.signIn('u1003', pin.slice(0, -1))).toMatch(/^not-authorized/)
})
