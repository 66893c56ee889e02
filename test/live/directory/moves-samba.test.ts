import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../../src/config/config.ts'
import { openLogger } from '../../../src/logger.ts'
import { startService } from '../../../src/service.ts'
import { type Samba, startSamba } from '../../rig/samba.ts'

let samba: Samba

beforeAll(async () => {
  samba = await startSamba()
  for (const ou of ['Berlin', 'Paris']) {
    await samba.modify(
      `dn: OU=${ou},${samba.suffix}\nchangetype: add\nobjectClass: organizationalUnit\n`,
    )
  }
})

afterAll(() => samba?.[Symbol.asyncDispose]())

const config = () =>
  parseConfig(
    `
site: { country: DE }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
sources:
  office:
    preset: active-directory
    servers: [${samba.ldapsUrl}]
    base: "${samba.suffix}"
    filter: (sAMAccountName=ada*)
    caFile: ${samba.caFile}
    serverName: ${samba.serverName}
    bind: { user: "${samba.bindUser}", password: "${samba.bindPassword}" }
    pollMs: 100
    map: { groups: [memberOf, { from: tree }], disabled: null }
state: "sqlite::memory:"
`,
    'peerage.yaml',
    {},
  )

test('a person of Active Directory keeps id and secret through a rename, a move and a renamed unit', async () => {
  const { suffix } = samba
  await samba.modify(
    `dn: CN=Ada,OU=Berlin,${suffix}\nchangetype: add\nobjectClass: user\nsAMAccountName: ada\nipPhone: 4711\n`,
  )
  await using service = await startService(config(), { log: openLogger('silent') })
  await service.ready
  const ada = () => service.people.byExtension('4711')
  const { id = '' } = ada() ?? {}
  const secret = service.state.secrets.sip(id)
  expect(ada()?.groups).toEqual([`OU=Berlin,${suffix}`])

  const rename = (rdn: string) => `changetype: modrdn\nnewrdn: ${rdn}\ndeleteoldrdn: 1\n`
  await samba.modify(`dn: CN=Ada,OU=Berlin,${suffix}\n${rename('CN=Countess')}`)
  await expect.poll(() => ada()?.dn, { timeout: 8000 }).toBe(`CN=Countess,OU=Berlin,${suffix}`)
  await samba.modify(
    `dn: CN=Countess,OU=Berlin,${suffix}\n${rename('CN=Countess')}newsuperior: OU=Paris,${suffix}\n`,
  )
  await expect.poll(() => ada()?.groups, { timeout: 8000 }).toEqual([`OU=Paris,${suffix}`])

  await samba.modify(`dn: OU=Paris,${suffix}\n${rename('OU=Lyon')}`)
  const [run] = await service.sync('office', 'schedule')
  expect(run?.outcome).toBe('done')
  expect(ada()).toMatchObject({ id, groups: [`OU=Lyon,${suffix}`] })
  expect(service.state.secrets.sip(id)).toBe(secret)
  expect(service.people.size).toBe(1)
})
