import { expect, test } from 'vitest'
import { freeAmi, startAsterisk } from '../../rig/asterisk.ts'
import { makeCertificates } from '../../rig/certificates.ts'
import { freePorts } from '../../rig/free-ports.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { makePerson } from '../../support/person.ts'
import { openTold } from '../../pbx/told.ts'

test('the manager interface is spoken to over TLS, and only with a certificate that is known', async () => {
  await using folder = await temporaryFolder()
  const { caFile, otherCaFile, certFile, keyFile } = await makeCertificates(folder.path)
  const ami = await freeAmi()
  const [tlsPort = 0] = await freePorts(1)
  const manager = `[general]
enabled = yes
bindaddr = 127.0.0.1
port = ${ami.port}
tlsenable = yes
tlsbindaddr = 127.0.0.1:${tlsPort}
tlscertfile = ${certFile}
tlsprivatekey = ${keyFile}

[peerage]
secret = ${ami.password}
read =
write = system
`
  const files = { 'manager.conf': manager }
  await using _asterisk = await startAsterisk({
    version: 22,
    realtime: 'http://127.0.0.1:9',
    files,
    ami,
  })
  const options = { ...ami, port: tlsPort, tls: true }
  await using company = await openTold([{ name: 'known', ami: { ...options, caFile } }])
  await company.pbx.settled()
  company.put(makePerson('501'))
  await company.pbx.settled()
  expect(company.pbx.status()).toMatchObject([
    { connected: true, technologies: ['pjsip'], problem: null },
  ])

  await using strange = await openTold([
    { name: 'other-ca', ami: { ...options, caFile: otherCaFile } },
    { name: 'no-tls-there', ami: { ...options, port: ami.port, caFile } },
    { name: 'no-tls-here', ami: { ...options, tls: false } },
  ])
  await expect
    .poll(() => strange.pbx.status().map(({ problem }) => problem), { timeout: 5000 })
    .toEqual([
      expect.stringMatching(/certificate of .* is not trusted .*asterisk\[0\]\.ami\.caFile/),
      expect.stringMatching(/does not speak TLS; check asterisk\[1\]\.ami\.port and \.tls/),
      expect.stringMatching(/no connection|is no manager interface/),
    ])
})
