import { isLoopback } from '../../loopback.ts'
import type { Change } from './adapt.ts'
import type { Choice } from './choice.ts'
import { inConfiguration } from './manager-account.ts'

/** Where the REST interface (ARI) listens, as peerage.yaml expects it: changes of http.conf. */
export function restListener({ ari }: Choice): Change[] {
  if (ari === null) return []
  const { protocol, hostname, port } = new URL(ari.url)
  if (protocol === 'http:') {
    const line = `bindport = ${port === '' ? '80' : port}`
    return line === 'bindport = 8088' ? [] : [{ line: /^bindport = 8088$/gm, instead: line }]
  }
  const bind = isLoopback(hostname) ? '127.0.0.1' : '0.0.0.0'
  const tls = [
    '$&',
    'tlsenable = yes',
    `tlsbindaddr = ${bind}:${port === '' ? '443' : port}`,
    '; Your own files.',
    'tlscertfile = /etc/asterisk/keys/asterisk.pem',
    'tlsprivatekey = /etc/asterisk/keys/asterisk.key',
  ]
  return [{ line: /^bindport = 8088$/gm, instead: tls.join('\n') }]
}

/** The dialplan hands calls over to the application of peerage.yaml: changes of extensions_ari.conf. */
export function restApplication({ ari }: Choice): Change[] {
  if (ari === null || ari.application === 'peerage') return []
  return [{ line: /\bStasis\(peerage,/gm, instead: `Stasis(${ari.application},` }]
}

/** The account of Peerage; null when peerage.yaml has none. */
export function restUsers({ ari }: Choice): string | null {
  if (ari === null) return null
  return `; Peerage's account. Readable for Asterisk only: who has it can make and listen to any call.
[${ari.user}]
type = user
read_only = no
password = ${inConfiguration(ari.password ?? '')}
`
}
