import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { freeAmi, freeAri, startAsterisk } from '../../rig/asterisk.ts'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { makeCertificates } from '../../rig/certificates.ts'
import { freePorts } from '../../rig/free-ports.ts'
import { openPhone } from '../../rig/phone.ts'
import { runPeerage } from '../../support/process.ts'
import { entry, startTestService } from '../../support/service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { findingsOf, troubles } from './examined.ts'

const people =
  entry('ada', 1, { cn: 'Ada', telephoneNumber: '501', employeeNumber: 'ada-one' }) +
  entry('zoe', 2, { cn: 'Zoe', telephoneNumber: '502', employeeNumber: 'zoe-one' })
const changedPeople = people.replace(btoa('ada-one'), btoa('ada-two'))
const token = '0123456789abcdef-the.token~+/=='

interface Combination {
  readonly name: string
  readonly args: readonly string[]
  readonly on: AsteriskVersion
  /** Whether Peerage knows where phones are. */
  readonly isShared: boolean
  readonly tls?: true
  /** Whether phones are woken, and nobody is listed. */
  readonly isWoken?: true
  /** What `peerage asterisk check` has to say all the same. */
  readonly known?: readonly RegExp[]
}

const uncached = ['endpoint', 'auth', 'aor'].map(
  (object) => new RegExp(`^warn caches: ${object} is not`),
)

const combinations: readonly Combination[] = [
  { name: '22, told what to forget', on: 22, args: [], isShared: true },
  { name: '22, told, and its phones woken', on: 22, args: [], isShared: true, isWoken: true },
  {
    name: '22 without a cache, registrations kept locally',
    on: 22,
    args: ['--cache', 'off', '--contacts', 'local'],
    isShared: false,
    known: uncached,
  },
  {
    name: '22, registrations kept locally',
    on: 22,
    args: ['--contacts', 'local'],
    isShared: false,
  },
  {
    name: '22 over https with an authority of our own',
    on: 22,
    args: [],
    isShared: true,
    tls: true,
  },
  { name: '16 with chan_sip', on: 16, args: ['--version', '16'], isShared: true },
  {
    name: '16 with chan_sip, without a cache',
    on: 16,
    args: ['--version', '16', '--cache', 'off'],
    isShared: true,
    known: [/^warn caches: rtcachefriends = no/],
  },
  { name: '16 with PJSIP', on: 16, args: ['--version', '16', '--driver', 'pjsip'], isShared: true },
]

describe('an Asterisk on the files that `peerage asterisk config` prints', () => {
  test.each(combinations)('$name', async ({ on, args, isShared, tls, isWoken, known }) => {
    await using folder = await temporaryFolder()
    const [port = 0] = await freePorts(1)
    // What means something in Asterisk's files, or might.
    const password = 'a;b # c => [d] ;-- "e" \\f'
    const ami = { ...(await freeAmi()), password }
    const ari = { ...(await freeAri()), password }
    const made = tls && (await makeCertificates(folder.path))
    const { certFile, keyFile, caFile } = made ?? {}
    const listen = [
      `pbxToken: "${token}"`,
      ...(made
        ? [`pbxTls: { certFile: ${certFile}, keyFile: ${keyFile}, caFile: ${caFile} }`]
        : []),
    ].join(', ')
    const isListed = isWoken !== true
    const asterisk = `asterisk: [{ name: pbx, ami: ${JSON.stringify(ami)}, ari: ${JSON.stringify(ari)} }]\nlistEverybody: ${isListed}`
    const pbx = `127.0.0.1:${port}`
    await using company = await startTestService({
      ldif: people,
      source: 'secrets: { sip: { from: employeeNumber } }',
      listen,
      pbx,
      yaml: asterisk,
    })
    const file = join(folder.path, 'peerage.yaml')
    const source = 'sources: { company: { preset: openldap, ldif: people.ldif } }'
    const yaml = `site: { country: DE }\n${source}\nlisten: { pbx: "${pbx}", ${listen} }\n${asterisk}\n`
    await writeFile(file, yaml)
    const printed = join(folder.path, 'etc')
    const { code, text } = await runPeerage(
      ['asterisk', 'config', ...args, '--etc', printed, '--out', printed],
      folder.path,
    )
    expect({ code, text }).toMatchObject({ code: 0 })
    expect(text).not.toContain(token)

    await using server = await startAsterisk({ version: on, realtime: '', printed, ami })
    await company.service.asterisks.settled()
    if (on === 22) {
      const authorization = `Basic ${btoa(`${ari.user}:${ari.password}`)}`
      const calls = await fetch(`${ari.url}/ari/channels`, { headers: { authorization } })
      expect(calls.status).toBe(200)
    }
    const sip = { server: server.sipServer }
    const scheme = made ? ('https' as const) : ('http' as const)
    const expected = { scheme, ports: [port], token, isListed }
    const options = { name: 'pbx', ami: { ...ami, tls: false } }
    const found = await findingsOf(options, company, expected)
    expect(troubles(found)).toEqual(
      (known ?? []).map((message): unknown => expect.stringMatching(message)),
    )

    await using ada = await openPhone({ ...sip, user: '501', secret: 'ada-one' })
    await using zoe = await openPhone({ ...sip, user: '502', secret: 'zoe-one' })
    expect((await ada.register()).status).toBe(200)
    expect((await zoe.register()).status).toBe(200)
    const { contacts, registrations } = company.service.state
    expect([...contacts.values(), ...registrations.values()]).toHaveLength(isShared ? 2 : 0)
    await company.service.asterisks.settled()
    expect(company.service.asterisks.status()[0]?.woken).toBe(isWoken ? 2 : null)
    const out = await ada.call('502')
    await (await zoe.incoming()).answer()
    await out.hangUp()

    await company.change(changedPeople)
    await company.service.asterisks.settled()
    expect((await ada.register()).status).toBeOneOf([401, 403])
  })
})
