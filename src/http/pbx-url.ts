import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { isLoopback } from '../loopback.ts'
import { parseAddress, pbxAddresses, type Address, type ListenOptions } from './addresses.ts'

/** It does not follow from the configuration how Asterisk reaches us. The message says what to do. */
export class UrlUnknown extends Error {
  override name = 'UrlUnknown'
  code = 'URL_UNKNOWN' as const
}

/** Longer ones would be cut by Asterisk, behind which the family's name follows (255 in all). */
const longestUrl = 200

/**
 * Where an Asterisk on `machine` asks us, without a path: `http://127.0.0.1:8070`. Throws
 * `UrlUnknown`.
 */
export function pbxUrl(listen: ListenOptions, machine: string): string {
  const { host, port } = reachable(listen, machine)
  const { pbxTls } = listen
  if (pbxTls) checkName(host, port, pbxTls.certFile)
  return `${pbxTls ? 'https' : 'http'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
}

/** One that the administrator names himself. Throws `UrlUnknown`. */
export function givenPbxUrl(text: string, { pbxTls }: ListenOptions): string {
  const scheme = pbxTls ? 'https' : 'http'
  const url = URL.parse(text)
  const isPlain = /^https?:\/\/[\w.:[\]-]+\/?$/.test(text)
  if (url?.protocol !== `${scheme}:` || !isPlain || text.length > longestUrl) {
    throw new UrlUnknown(
      `--url ${text} is not where Asterisk can ask; expected ${scheme}://name:port, as listen.pbx and listen.pbxTls are`,
    )
  }
  return text.replace(/\/$/, '')
}

function reachable(listen: ListenOptions, machine: string): Address {
  const addresses = pbxAddresses(listen).flatMap(([, text]) => parseAddress(text) ?? [])
  const isNear = isLoopback(machine)
  const everywhere = addresses.find(({ host }) => host === '0.0.0.0' || host === '::')
  const near = addresses.find(({ host }) => isLoopback(host))
  const far = addresses.find((address) => !isLoopback(address.host) && address !== everywhere)
  const here = near ?? (everywhere && { host: '127.0.0.1', port: everywhere.port })
  const found = isNear ? (here ?? far) : far
  if (found && found.port !== 0) return found
  if (found) throw new UrlUnknown('listen.pbx takes any free port; name one, such as 8070')
  if (everywhere) {
    throw new UrlUnknown(
      `listen.pbx is all addresses of this machine; say by which one ${machine} reaches it: --url http://NAME:${everywhere.port}`,
    )
  }
  throw new UrlUnknown(
    `listen.pbx is on loopback, where ${machine} cannot reach it; add an address of the network to listen.pbx, with listen.pbxToken`,
  )
}

function checkName(host: string, port: number, certFile: string): void {
  const certificate = new X509Certificate(readFileSync(certFile))
  const fits = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)
  if (fits !== undefined) return
  throw new UrlUnknown(
    `the certificate ${certFile} is not for ${host} but for ${certificate.subjectAltName ?? 'no name'}; say by which of these Asterisk reaches it: --url https://NAME:${port}`,
  )
}
