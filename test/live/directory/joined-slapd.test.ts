import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../../src/config/config.ts'
import { openLogger } from '../../../src/logger.ts'
import { startService, type Service } from '../../../src/service.ts'
import { type Slapd, startSlapd } from '../../rig/slapd.ts'

let slapd: Slapd

beforeAll(async () => {
  slapd = await startSlapd({ people: 3 })
  await slapd.modify(`dn: ou=hr,${slapd.suffix}\nobjectClass: organizationalUnit\nou: hr\n`)
  const boss = 'objectClass: inetOrgPerson\ncn: Boss\nsn: B\n'
  await slapd.modify(`dn: cn=Boss,ou=hr,${slapd.suffix}\n${boss}`)
})

afterAll(() => slapd?.[Symbol.asyncDispose]())

function source(ou: string, more = ''): string {
  return `
    preset: openldap
    servers: [${slapd.ldapsUrl}]
    base: ou=${ou},${slapd.suffix}
    caFile: ${slapd.caFile}
    bind: { user: "${slapd.bindDn}", password: ${slapd.bindPassword} }
    leavers: { grace: 0h }
    map: { extension: telephoneNumber }
    ${more}`
}

const config = () =>
  parseConfig(
    `
site: { country: DE }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
sources:
  office:${source('people')}
  hr:${source('hr', 'join: { to: office, by: email }')}
state: "sqlite::memory:"
`,
    'peerage.yaml',
    {},
  )

/** Changes the directory, and resolves as soon as people are different. */
async function change({ people }: Service, ldif: string): Promise<void> {
  const isChanged = new Promise<void>((resolve) => {
    const stop = people.onChange(() => {
      stop()
      resolve()
    })
  })
  await slapd.modify(ldif)
  await isChanged
}

const person = 'objectClass: inetOrgPerson\nsn: L\nmail: ada@example.org\n'

test('a person in two branches of an OpenLDAP is one, change by change as it is announced', async () => {
  const [office, hr] = ['people', 'hr'].map((ou) => `uid=ada,ou=${ou},${slapd.suffix}`)
  await using service = await startService(config(), { log: openLogger('silent') })
  await service.ready
  const { people } = service
  const reads = () => service.syncs.map(({ lastRun }) => lastRun?.id)
  const before = reads()

  await change(service, `dn: ${office}\n${person}uid: ada\ncn: Ada\ntelephoneNumber: 4711\n`)
  const { id = '' } = people.byExtension('4711') ?? {}
  const secret = service.state.secrets.sip(id)
  await change(
    service,
    `dn: ${hr}\n${person}uid: ada\ncn: Of HR\ntitle: Dr\ntelephoneNumber: 4711\n`,
  )
  expect(people.byExtension('4711')).toMatchObject({ id, name: 'Ada', details: { title: 'Dr' } })
  expect(people.size).toBe(5)

  await change(service, `dn: ${hr}\nchangetype: modify\nreplace: title\ntitle: Prof\n`)
  expect(people.byExtension('4711')?.details.title).toBe('Prof')
  await change(service, `dn: ${office}\nchangetype: delete\n`)
  expect(people.byExtension('4711')).toMatchObject({ id, name: 'Of HR' })
  expect(service.state.secrets.sip(id)).toBe(secret)
  await change(service, `dn: ${hr}\nchangetype: modify\nreplace: mail\nmail: other@example.org\n`)
  expect(people.byExtension('4711')?.id).toMatch(/^hr\//)
  await change(service, `dn: ${hr}\nchangetype: modify\nreplace: mail\nmail: ada@example.org\n`)
  expect(people.byExtension('4711')?.id).toBe(id)
  await change(service, `dn: ${hr}\nchangetype: delete\n`)
  expect(people.byExtension('4711')).toBeUndefined()
  expect(reads()).toEqual(before)
})
