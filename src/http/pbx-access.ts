import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { ListenOptions } from './addresses.ts'
import { compileNetworks, withoutMapping } from '../networks.ts'
import type { Refusals } from './refusals.ts'

export type PbxAccessOptions = Pick<ListenOptions, 'pbxAllow' | 'pbxToken'>

/** The status to refuse a request with; null: it may ask. */
export type PbxAccess = (request: IncomingMessage) => 401 | 403 | null

/**
 * Who may ask as Asterisk does: by address, then by token. Whoever is refused gets an empty body,
 * which to Asterisk is "not there"; a page that explains would be read as data.
 */
export function compilePbxAccess(options: PbxAccessOptions, refusals: Refusals): PbxAccess {
  const isNear = options.pbxAllow ? nearness(compileNetworks(options.pbxAllow)) : () => true
  const problemWith = options.pbxToken === undefined ? () => null : tokenCheck(options.pbxToken)
  return ({ headers, socket }) => {
    if (!isNear(socket)) {
      refusals.note(addressOf(socket), 'address not allowed', 'add it to listen.pbxAllow')
      return 403
    }
    const problem = problemWith(headers.authorization)
    if (problem === null) return null
    refusals.note(addressOf(socket), problem, 'see what `peerage asterisk config` prints')
    return 401
  }
}

export function addressOf(socket: Pick<Socket, 'remoteAddress'>): string {
  return withoutMapping(socket.remoteAddress ?? 'unknown')
}

/** libcurl keeps its connections, so the address is looked at once for each. */
function nearness(isListed: (address: string) => boolean): (socket: Socket) => boolean {
  const known = new WeakMap<Socket, boolean>()
  return (socket) => {
    const before = known.get(socket)
    if (before !== undefined) return before
    const isNear = isListed(addressOf(socket))
    known.set(socket, isNear)
    return isNear
  }
}

/** `Authorization: Bearer TOKEN`, or Basic with the token as password and any name. */
function tokenCheck(token: string): (header: string | undefined) => string | null {
  const wanted = digest(token)
  return (header) => {
    const shown = shownToken(header)
    // Digests are equally long, as timingSafeEqual wants, and tell nothing about the token's length.
    if (shown !== undefined && timingSafeEqual(digest(shown), wanted)) return null
    return shown === undefined ? 'no token' : 'wrong token'
  }
}

function shownToken(header: string | undefined): string | undefined {
  const [scheme = '', text = ''] = (header ?? '').trim().split(/ +/)
  if (/^bearer$/i.test(scheme)) return text
  if (!/^basic$/i.test(scheme)) return undefined
  const pair = Buffer.from(text, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
