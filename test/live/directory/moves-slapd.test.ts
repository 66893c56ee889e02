import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../../src/config/config.ts'
import { openLogger } from '../../../src/logger.ts'
import { startService, type Service } from '../../../src/service.ts'
import { follow, has } from '../../directory/following.ts'
import { checkAll, openPeople, recordedLog } from '../../directory/reading.ts'
import { type Slapd, startSlapd } from '../../rig/slapd.ts'

let slapd: Slapd

beforeAll(async () => {
  slapd = await startSlapd({ people: 4 })
  for (const ou of ['berlin', 'paris']) {
    await slapd.modify(`dn: ou=${ou},${slapd.suffix}\nobjectClass: organizationalUnit\nou: ${ou}\n`)
  }
})

afterAll(() => slapd?.[Symbol.asyncDispose]())

const config = () =>
  parseConfig(
    `
site: { country: DE }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
sources:
  office:
    preset: openldap
    servers: [${slapd.ldapsUrl}]
    base: ${slapd.suffix}
    caFile: ${slapd.caFile}
    bind: { user: "${slapd.bindDn}", password: ${slapd.bindPassword} }
    importGroup: ldap-people
    map: { extension: telephoneNumber, user: uid, groups: { from: tree } }
state: "sqlite::memory:"
`,
    'peerage.yaml',
    {},
  )

/** What becomes of ada with the next change that somebody is told of. */
async function next({ people }: Service, change: string) {
  const isChanged = new Promise<void>((resolve) => {
    const stop = people.onChange(() => {
      stop()
      resolve()
    })
  })
  await slapd.modify(change)
  await isChanged
  return people.byExtension('4711')
}

test('a person keeps id and secret when the entry is renamed, moved, and its unit renamed', async () => {
  const { suffix } = slapd
  await using service = await startService(config(), { log: openLogger('silent') })
  await service.ready
  const person = `objectClass: inetOrgPerson\nuid: ada\ncn: Ada\nsn: L\ntelephoneNumber: 4711\n`
  const ada = await next(service, `dn: uid=ada,ou=berlin,${suffix}\n${person}`)
  expect(ada?.groups).toEqual([`ou=berlin,${suffix}`, 'ldap-people'])
  const { id = '' } = ada ?? {}
  const secret = service.state.secrets.sip(id)
  expect(secret).toMatch(/^.{20}$/)

  const rename = (rdn: string) => `changetype: modrdn\nnewrdn: ${rdn}\ndeleteoldrdn: 1\n`
  const renamed = `dn: uid=ada,ou=berlin,${suffix}\n${rename('uid=countess')}`
  expect(await next(service, renamed)).toMatchObject({ id, user: 'countess' })
  const moved = `dn: uid=countess,ou=berlin,${suffix}\n${rename('uid=countess')}newsuperior: ou=paris,${suffix}\n`
  expect(await next(service, moved)).toMatchObject({
    id,
    groups: [`ou=paris,${suffix}`, 'ldap-people'],
  })

  // OpenLDAP tells nobody of the entries below; the scheduled read finds it.
  await slapd.modify(`dn: ou=paris,${suffix}\n${rename('ou=lyon')}`)
  const [run] = await service.sync('office', 'schedule')
  expect(run).toMatchObject({ outcome: 'done', counts: { changed: 1, healed: 1, added: 0 } })
  expect(service.people.byExtension('4711')).toMatchObject({
    id,
    dn: `uid=countess,ou=lyon,${suffix}`,
    groups: [`ou=lyon,${suffix}`, 'ldap-people'],
  })
  expect(service.state.secrets.sip(id)).toBe(secret)
  expect(service.people.size).toBe(5)
})

test('a configured way of following that the server refuses gives way to one that it offers', async () => {
  const log = recordedLog()
  const source = openPeople(
    {
      servers: [slapd.ldapsUrl],
      base: slapd.suffix,
      caFile: slapd.caFile,
      bind: { user: slapd.bindDn, password: slapd.bindPassword },
      changes: 'persistent-search',
    },
    {},
    log,
  )
  const steps = await checkAll(source)
  expect(steps.find(({ step }) => step === 'changes')).toMatchObject({
    ok: false,
    detail: expect.stringMatching(
      /^persistent-search is not offered by this server, so syncrepl would be used/,
    ),
  })
  await using following = follow(source)
  await expect
    .poll(() => log.warnings, { timeout: 5000 })
    .toContainEqual(
      expect.objectContaining({
        configured: 'persistent-search',
        method: 'syncrepl',
        remedy: 'check sources.office.changes',
      }),
    )
  await slapd.modify(
    `dn: uid=late,ou=people,${slapd.suffix}\nobjectClass: inetOrgPerson\nuid: late\ncn: late\nsn: late\n`,
  )
  await following.until(has('uid', 'late'))
})
