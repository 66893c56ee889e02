import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { parseAddress, pbxAddresses, usualAddresses } from '../../src/http/addresses.ts'
import { isLoopback } from '../../src/loopback.ts'

test('every listener is on loopback unless the configuration says otherwise', () => {
  const certificate = '{ certFile: phones.pem, keyFile: phones.key }'
  const { listen } = parseConfig(
    `site: { country: DE }
sources: { office: { preset: openldap, ldif: people.ldif } }
listen: { webTls: ${certificate}, ldapTls: ${certificate} }`,
    'peerage.yaml',
    {},
  )
  const { web, webTls, ldapTls } = listen
  const pbx = pbxAddresses(listen).map(([, text]) => text)
  const filled = [...pbx, web, webTls?.address ?? '', ldapTls?.address ?? '', usualAddresses.agi]
  const hosts = filled.map((text) => parseAddress(text)?.host ?? 'no address')
  expect(hosts.filter((host) => !isLoopback(host))).toEqual([])
})
