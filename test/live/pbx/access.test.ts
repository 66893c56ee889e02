import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { makeCertificates, type Certificates } from '../../rig/certificates.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const token = 'Za9.~+_-/the-token=='
const ldif = entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501' })
const questions: Readonly<Record<AsteriskVersion, string>> = {
  22: 'realtime load ps_endpoints id 501',
  16: 'realtime load sippeers name 501',
}

/** How Asterisk can be told to show the token, by res_curl.conf and by what stands before the host. */
const ways: readonly [name: string, curl: string, user: string][] = [
  ['httpheader, Bearer', `httpheader = Authorization: Bearer ${token}`, ''],
  ['userpwd, Basic', `userpwd = peerage:${token}`, ''],
  ['the URL', '', `peerage:${encodeURIComponent(token)}@`],
]

const curlConf = (...lines: string[]) =>
  ['[globals]', 'conntimeout = 1', 'httptimeout = 2', ...lines, ''].join('\n')

describe.each([22, 16] as const)('Asterisk %i', (version) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let certificates: Certificates
  beforeAll(async () => {
    folder = await temporaryFolder()
    certificates = await makeCertificates(folder.path)
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  const startPeerage = (listen: string): Promise<TestService> => startTestService({ ldif, listen })
  const startPbx = (realtime: string, curl: string): Promise<Asterisk> =>
    startAsterisk({ version, realtime, files: { 'res_curl.conf': curl } })

  test.each(ways)('shows the token by %s', async (_, curl, user) => {
    await using company = await startPeerage(`pbxToken: ${token}`)
    const { port } = company.service.pbx
    await using asterisk = await startPbx(`http://${user}127.0.0.1:${port}`, curlConf(curl))
    expect(await asterisk.cli(questions[version])).toContain('Ada Lovelace')
  })

  test('without the token it is refused, and takes that for "not there"', async () => {
    await using company = await startPeerage(`pbxToken: ${token}`)
    const { port } = company.service.pbx
    await using asterisk = await startPbx(`http://127.0.0.1:${port}`, curlConf())
    expect(await asterisk.cli(questions[version])).toContain('No rows found')
  })

  test('from an address that is not listed it is refused in the same way', async () => {
    await using company = await startPeerage('pbxAllow: [127.0.0.2, 10.0.0.0/8]')
    const { port } = company.service.pbx
    await using asterisk = await startPbx(`http://127.0.0.1:${port}`, curlConf())
    expect(await asterisk.cli(questions[version])).toContain('No rows found')
  })

  test('asks over https with the token, and only a server whose certificate it trusts', async () => {
    const { certFile, keyFile, caFile, otherCaFile } = certificates
    const tls = `pbxTls: { certFile: ${certFile}, keyFile: ${keyFile} }`
    await using company = await startPeerage(`${tls}, pbxToken: ${token}`)
    const realtime = `https://127.0.0.1:${company.service.pbx.port}`
    const header = `httpheader = Authorization: Bearer ${token}`
    const answer = async (url: string, ...lines: string[]) => {
      await using asterisk = await startPbx(url, curlConf(header, ...lines))
      return await asterisk.cli(questions[version])
    }
    // 16 knows no ssl_cainfo: it believes the machine's authorities, or everybody.
    const trust = { 22: `ssl_cainfo = ${caFile}`, 16: 'ssl_verifypeer = 0' }
    expect(await answer(realtime, trust[version])).toContain('Ada Lovelace')
    expect(await answer(realtime, `ssl_cainfo = ${otherCaFile}`)).toContain('No rows found')
    expect(await answer(realtime.replace('https', 'http'))).toContain('No rows found')
  })
})
