import type { IncomingMessage } from 'node:http'
import { compileNetworks, withoutMapping } from '../networks.ts'

/** Whose request it is, and how it came. */
export interface Client {
  readonly address: string
  /** Over https, here or at the reverse proxy. */
  readonly isSecure: boolean
  /** Straight from that address, through no proxy. */
  readonly isDirect: boolean
}

/**
 * `proxies`: whose word is taken for whom they forward. Of a chain the last address counts that is
 * none of them: what stands before it, anybody may have written.
 */
export function compileClients(proxies: readonly string[]): (request: IncomingMessage) => Client {
  const isProxy = compileNetworks(proxies)
  return ({ socket, headers }) => {
    const peer = withoutMapping(socket.remoteAddress ?? '')
    const isEncrypted = 'encrypted' in socket && socket.encrypted === true
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',')
    if (forwarded.trim() === '' || !isProxy(peer)) {
      return { address: peer, isSecure: isEncrypted, isDirect: forwarded.trim() === '' }
    }
    const chain = forwarded.split(',').map((each) => withoutMapping(each.trim()))
    const address = chain.findLast((each) => !isProxy(each)) ?? chain[0] ?? peer
    const isSecure = isEncrypted || headers['x-forwarded-proto'] === 'https'
    return { address, isSecure, isDirect: false }
  }
}
