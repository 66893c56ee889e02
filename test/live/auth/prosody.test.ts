import { expect, test } from 'vitest'
import { startProsody } from '../../rig/prosody.ts'
import { startSlapd } from '../../rig/slapd.ts'
import { letsInWhoMay } from './messenger.ts'
import { startOffice } from './office.ts'

test('a messenger signs in at Prosody with the password of the directory, until its owner is disabled', async () => {
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
  await using office = await startOffice({ office: source }, { mode: 'ldap', deadlineMs: 1000 })
  const { service, url } = office
  await using prosody = await startProsody([`peerage_url = "${url}"`])

  await letsInWhoMay(prosody, service)

  await slapd.kill()
  expect(await prosody.signIn('u1003', 'pw1003')).toMatch(/^not-authorized/)
  await slapd.start()
  await expect
    .poll(() => prosody.signIn('u1003', 'pw1003'), { timeout: 20_000 })
    .toBe('signed in as u1003@example.org')
})

test('a Prosody without a token is not answered when its address is not listed', async () => {
  await using slapd = await startSlapd()
  const source = {
    preset: 'openldap',
    servers: [slapd.url],
    caFile: slapd.caFile,
    serverName: 'localhost',
    base: slapd.suffix,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
  }
  await using office = await startOffice({ office: source }, { mode: 'ldap' })
  await using strict = await startOffice({ office: source }, { mode: 'ldap', systems: [] })
  const token = await strict.service.state.tokens.make('prosody')
  expect(await office.check('u1003', 'pw1003')).toBe('right')
  await using without = await startProsody([`peerage_url = "${strict.url}"`])
  expect(await without.signIn('u1003', 'pw1003')).toMatch(/^not-authorized/)
  await using having = await startProsody([
    `peerage_url = "${strict.url}"`,
    `peerage_token = "${token}"`,
  ])
  expect(await having.signIn('u1003', 'pw1003')).toBe('signed in as u1003@example.org')
})
