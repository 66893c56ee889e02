import { expect, test } from 'vitest'
import { openPeople } from '../../directory/reading.ts'
import { startSamba } from '../../rig/samba.ts'

test('Active Directory says what users may have, also what hangs on to their classes', async () => {
  await using samba = await startSamba()
  await samba.addUsers(3)
  await using source = openPeople(
    {
      servers: [samba.ldapsUrl],
      base: samba.suffix,
      caFile: samba.caFile,
      serverName: samba.serverName,
      bind: { user: samba.bindUser, password: samba.bindPassword },
    },
    {
      filter: '(&(objectCategory=person)(objectClass=user)(sAMAccountName=u*))',
      attributes: ['*', '+'],
      id: { attribute: 'objectGUID', form: 'guid' },
    },
  )
  const { signal } = new AbortController()
  const entries = []
  for await (const batch of source.read(signal)) entries.push(...batch.entries)
  expect(entries).toHaveLength(3)
  expect(entries[0]?.attributes.has('ipphone')).toBe(true)
  const schema = await source.schema?.(signal)
  const classes = entries[0]?.attributes.get('objectclass') ?? []
  const names = schema?.attributesOf(classes).map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining(['ipPhone', 'otherIpPhone', 'memberOf', 'cn', 'mail']),
  )
  expect(schema?.spell('samaccountname')).toBe('sAMAccountName')
})
