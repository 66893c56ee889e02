import type { FastifyReply, FastifyRequest } from 'fastify'

export type PageRole = 'administrator' | 'helpDesk' | 'reader' | 'person'

/** Who looks at the page. */
export interface SignedIn {
  readonly name: string
  readonly role: PageRole
  /** To be sent back with every change; no other site can read it. */
  readonly csrf: string
}

/** How somebody comes in, and how he is known afterwards. The page knows nothing else about it. */
export interface SignIns {
  /** Undefined: nobody is signed in. */
  of(request: FastifyRequest): SignedIn | undefined
  /** Undefined: refused. */
  begin(request: FastifyRequest, reply: FastifyReply, token: string): Promise<SignedIn | undefined>
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/** Where a request began, as browsers say: `Sec-Fetch-Site`, and older ones `Origin`. */
export function isFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin, host } = headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}

/** Whether somebody may change people, decide about plans, or only look. */
export function mayDo(role: PageRole, what: 'help' | 'administer'): boolean {
  return role === 'administrator' || (what === 'help' && role === 'helpDesk')
}
