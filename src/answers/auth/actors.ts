import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../../logger.ts'
import type { Role } from '../../state/accounts.ts'
import type { Audit } from '../../state/audit.ts'
import type { Tokens } from '../../state/tokens.ts'
import type { Scope } from '../../state/token-scopes.ts'
import { missingScope, roleFor, roleOfScopes } from './permissions.ts'
import { isAtLeast } from './subject.ts'
import { isForged, type Visitors } from './visitors.ts'

/** On whose behalf a request of the API is. */
export interface Actor {
  /** `account/NAME`, `person/ID`, `token/NAME`, or `socket`. */
  readonly id: string
  readonly role: Role
}

/** Who may ask the API: answers the request itself when nobody may. */
export type Gate = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

const actors = new WeakMap<FastifyRequest, Actor>()
const notes = new WeakMap<FastifyRequest, Readonly<Record<string, string>>>()

/** Also of somebody who may not do what he asked for. Undefined: nobody knows who it is. */
export function actorOf(request: FastifyRequest): Actor | undefined {
  return actors.get(request)
}

/** From now on the request is on behalf of who is signed in. */
export function actAs(request: FastifyRequest, { id, role }: Actor): void {
  actors.set(request, { id, role })
}

/** What is changed, where that stands in the body: kept in the audit trail, so never a secret. */
export function noteForTrail(
  request: FastifyRequest,
  about: Readonly<Record<string, string>>,
): void {
  notes.set(request, about)
}

/** `Authorization: Bearer TOKEN` for programs, the cookie of a session for people. */
export function webGate(
  tokens: Tokens,
  visitors: Visitors,
  addressOf: (request: FastifyRequest) => string,
): Gate {
  return async (request, reply) => {
    const { method, query } = request
    const route = request.routeOptions.url ?? ''
    const text = bearerOf(request)
    const token = text === undefined ? undefined : tokens.check(text, addressOf(request))
    if (token) {
      const { name, scopes } = token
      actAs(request, { id: `token/${name}`, role: roleOfScopes(scopes) })
      const missing = missingScope(scopes, method, route, query)
      return missing === null ? undefined : refuseScope(reply, name, missing)
    }
    const visitor = visitors.of(request)
    if (!visitor) {
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer realm="peerage"')
        .send({ error: 'a token is wanted: Authorization: Bearer … (peerage token make NAME)' })
    }
    if (isForged(request, visitor)) {
      const error = 'this change did not come from a page of ours: x-csrf-token is missing or wrong'
      return reply.code(403).send({ error, why: 'forged' })
    }
    const { role } = visitor.subject
    actAs(request, visitor.subject)
    const wanted = roleFor(method, route, query)
    if (!isAtLeast(role, wanted)) {
      const error = `you may not do this: the role ${wanted} is wanted`
      return reply.code(403).send({ error, why: 'role' })
    }
    return undefined
  }
}

/** Undefined: none was shown. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

/** RFC 6750, 3.1. */
export function refuseScope(reply: FastifyReply, name: string, wanted: Scope): FastifyReply {
  return reply
    .code(403)
    .header(
      'www-authenticate',
      `Bearer realm="peerage", error="insufficient_scope", scope="${wanted}"`,
    )
    .send({
      error: `the token '${name}' may not do this: the scope ${wanted} is wanted`,
      why: 'scope',
    })
}

/** Whoever may open the control socket (mode 0600) is the administrator of this machine's Peerage. */
export const socketGate: Gate = async (request) => {
  actAs(request, { id: 'socket', role: 'administrator' })
}

/** Keeps every change that was asked for through the API or the page: by whom, from where, and what became of it. */
export function keepTrail(
  { audit, log, now }: { readonly audit: Audit; readonly log: Logger; readonly now: () => number },
  addressOf: (request: FastifyRequest) => string,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const actor = actorOf(request)
    if (!actor || ['GET', 'HEAD'].includes(request.method)) return
    // Bodies may hold secrets; what is changed stands in the path, or is noted.
    const target = new URLSearchParams()
    const about = {
      ...(request.params as object),
      ...(request.query as object),
      ...notes.get(request),
    }
    for (const [key, value] of Object.entries(about)) target.append(key, String(value))
    await audit
      .add({
        at: now(),
        kind: 'change',
        actor: actor.id,
        address: addressOf(request),
        action: `${request.method} ${request.routeOptions.url ?? 'unknown'}`,
        target: target.toString().slice(0, 500),
        outcome: reply.statusCode < 400 ? 'done' : `refused (${reply.statusCode})`,
      })
      .catch((error: unknown) =>
        log.error({ problem: String(error) }, 'audit trail could not be kept'),
      )
  }
}
