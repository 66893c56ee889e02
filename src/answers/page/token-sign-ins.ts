import { createHash, randomBytes } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Tokens } from '../../state/tokens.ts'
import { isFromElsewhere, type SignedIn, type SignIns } from './signed-in.ts'

const cookie = 'peerage-page'
const longestMs = 8 * 3_600_000

/** Administrators sign in with a token of the API. Sessions live as long as the process. */
export class TokenSignIns implements SignIns {
  readonly #tokens: Tokens
  readonly #sessions = new LRUCache<string, SignedIn>({ max: 1000, ttl: longestMs })

  constructor(tokens: Tokens) {
    this.#tokens = tokens
  }

  of(request: FastifyRequest): SignedIn | undefined {
    const session = sessionOf(request)
    return session === undefined ? undefined : this.#sessions.get(digest(session))
  }

  /** Always a new session: nobody can have prepared the one that somebody gets. */
  async begin(
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
  ): Promise<SignedIn | undefined> {
    const name = isFromElsewhere(request) ? undefined : this.#tokens.check(token)
    if (name === undefined) return undefined
    const session = randomBytes(32).toString('base64url')
    const csrf = digest(`csrf of ${session}`)
    const visitor: SignedIn = { name, role: 'administrator', csrf }
    this.#sessions.set(digest(session), visitor)
    reply.header('set-cookie', cookieText(request, session, longestMs / 1000))
    return visitor
  }

  async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const session = sessionOf(request)
    if (session !== undefined) this.#sessions.delete(digest(session))
    reply.header('set-cookie', cookieText(request, '', 0))
  }
}

function sessionOf({ headers }: FastifyRequest): string | undefined {
  const cookies = (headers.cookie ?? '').split(/;\s*/)
  const found = cookies.find((each) => each.startsWith(`${cookie}=`))
  return found?.slice(cookie.length + 1) || undefined
}

function cookieText({ raw }: FastifyRequest, value: string, seconds: number): string {
  const secure = raw.socket instanceof TLSSocket ? '; Secure' : ''
  return `${cookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
