import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionLimits, Sessions } from '../../state/sessions.ts'
import { findSubject, type Subject, type SubjectDeps } from './subject.ts'

/** Somebody with a session. */
export interface Visitor {
  readonly subject: Subject
  /** To be sent back with every change, as `x-csrf-token`. */
  readonly csrf: string
}

export interface VisitorDeps extends SubjectDeps {
  readonly sessions: Sessions
  readonly sessionLimits: SessionLimits
  /** Whether a request came over https. */
  readonly isSecure: (request: FastifyRequest) => boolean
}

/** Sessions as a browser holds them: one cookie that scripts cannot read. */
export class Visitors {
  readonly #deps: VisitorDeps

  constructor(deps: VisitorDeps) {
    this.#deps = deps
  }

  /** Undefined: nobody is signed in, or who was is disabled or gone since. */
  of(request: FastifyRequest): Visitor | undefined {
    const token = this.#tokenOf(request)
    const session = token && this.#deps.sessions.check(token, this.#deps.sessionLimits)
    const subject = session && findSubject(session.subject, this.#deps)
    return subject && token ? { subject, csrf: csrfOf(token) } : undefined
  }

  /** Whatever session the browser came with ends: nobody can have prepared the one that he gets. */
  async begin(request: FastifyRequest, reply: FastifyReply, subject: Subject): Promise<Visitor> {
    const before = this.#tokenOf(request)
    if (before !== undefined) await this.#deps.sessions.end(before)
    const token = await this.#deps.sessions.begin(subject.id)
    const seconds = Math.floor(this.#deps.sessionLimits.longestMs / 1000)
    reply.header('set-cookie', this.#cookie(request, token, seconds))
    return { subject, csrf: csrfOf(token) }
  }

  /** Whether the browser came over https. */
  isSecure(request: FastifyRequest): boolean {
    return this.#deps.isSecure(request)
  }

  async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const token = this.#tokenOf(request)
    if (token !== undefined) await this.#deps.sessions.end(token)
    reply.header('set-cookie', this.#cookie(request, '', 0))
  }

  #tokenOf(request: FastifyRequest): string | undefined {
    const wanted = `${this.#name(request)}=`
    const cookies = (request.headers.cookie ?? '').split(/;\s*/)
    return cookies.find((each) => each.startsWith(wanted))?.slice(wanted.length) || undefined
  }

  /** With the prefix, a browser takes the cookie from this very host over https only (RFC 6265bis). */
  #name(request: FastifyRequest): string {
    return this.#deps.isSecure(request) ? '__Host-peerage' : 'peerage'
  }

  #cookie(request: FastifyRequest, token: string, seconds: number): string {
    const secure = this.#deps.isSecure(request) ? '; Secure' : ''
    const name = this.#name(request)
    return `${name}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
  }
}

/**
 * Whether a request may be one that another site made the browser send. A change must show the
 * token of the session, which no other site can read; browsers also say themselves where it began.
 */
export function isForged(request: FastifyRequest, { csrf }: Visitor): boolean {
  if (['GET', 'HEAD'].includes(request.method)) return false
  return isFromElsewhere(request) || !isCsrfToken(csrf, request.headers['x-csrf-token'])
}

/** For a form without scripts, whose token comes in the body. */
export function isCsrfToken(csrf: string, given: unknown): boolean {
  if (typeof given !== 'string' || given.length !== csrf.length) return false
  return timingSafeEqual(
    Buffer.from(csrf),
    Buffer.from(given.padEnd(csrf.length)).subarray(0, csrf.length),
  )
}

/** Where it began, as browsers say: `Sec-Fetch-Site`, and older ones `Origin`. Others say neither. */
export function isFromElsewhere(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin, host } = request.headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}

function csrfOf(token: string): string {
  return createHash('sha256').update(`csrf of ${token}`).digest('base64url')
}
