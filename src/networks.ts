import { BlockList, isIP } from 'node:net'
import type { Complaint } from './complaint.ts'

export interface Network {
  readonly address: string
  readonly bits: number
  readonly family: 'ipv4' | 'ipv6'
}

/** `10.0.0.0/8`, `fd00::/8`, or one address. `::ffff:10.0.0.0/104` is the IPv4 network that it maps. */
export function parseNetwork(text: string): Network | undefined {
  const [, written = '', bitsText] = /^([^/\s]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = withoutMapping(written)
  const version = isIP(address)
  if (version === 0 || address.includes('%')) return undefined
  const widest = isIP(written) === 6 ? 128 : 32
  const given = bitsText === undefined ? widest : Number(bitsText)
  const bits = address === written ? given : given - 96
  if (given > widest || bits < 0) return undefined
  return { address, bits, family: version === 6 ? 'ipv6' : 'ipv4' }
}

/** Answers whether an address, as a socket names it, is in one of the networks. */
export function compileNetworks(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of texts.map(parseNetwork)) {
    if (network) list.addSubnet(network.address, network.bits, network.family)
  }
  return (address) => {
    const [plain = ''] = withoutMapping(address).split('%') // a link-local one names its interface
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4')
  }
}

export function checkNetworks(texts: readonly string[], path: string): Complaint[] {
  return texts.flatMap((text, index) => {
    if (parseNetwork(text) !== undefined) return []
    const problem = `'${text}' is neither an address nor a network`
    return [{ path: `${path}[${index}]`, problem, example: '10.0.0.0/8' }]
  })
}

/** A socket that listens on `::` names IPv4 peers as `::ffff:10.0.0.1` (RFC 4291, 2.5.5.2). */
export function withoutMapping(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return mapped ?? address
}
