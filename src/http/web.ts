import { createServer, type RequestListener } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { mountApi, type ApiDeps } from '../answers/admin/api.ts'
import { mountHealth } from '../answers/admin/health.ts'
import type { Logger } from '../logger.ts'
import type { PhoneListener } from './phones.ts'
import type { Tokens } from '../state/tokens.ts'

/** Who may ask `/api`. */
export type Gate = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/**
 * The listener for administrators, their programs and phones; without `phones` it serves the control
 * socket.
 */
export function buildWeb(
  deps: ApiDeps,
  gate: Gate,
  log: Logger,
  phones: PhoneListener = () => false,
): FastifyInstance {
  const app = Fastify({
    bodyLimit: 65_536,
    forceCloseConnections: true,
    serverFactory: (api: RequestListener) => createServer(dispatch(phones, api)),
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500)
      log.error({ url: request.routeOptions.url, problem: error.message }, 'request failed')
    return reply.code(status).send({ error: status >= 500 ? 'internal error' : error.message })
  })
  const notFound = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.code(404).send({ error: 'there is no such page' })
  app.setNotFoundHandler(notFound)
  mountHealth(app, deps)
  app.register(
    async (api) => {
      api.addHook('onRequest', gate)
      api.setNotFoundHandler(notFound)
      mountApi(api, deps)
    },
    { prefix: '/api' },
  )
  return app
}

/** Phones go past the framework, which refuses addresses that phones do write. */
export function dispatch(phones: PhoneListener, api: RequestListener): RequestListener {
  return (request, response) => {
    if (!phones(request, response)) api(request, response)
  }
}

/** `Authorization: Bearer TOKEN` with a token that was made here. */
export function tokenGate(tokens: Tokens): Gate {
  return async (request, reply) => {
    const token = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined && tokens.check(token) !== undefined) return undefined
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer realm="peerage"')
      .send({ error: 'a token is wanted: Authorization: Bearer … (made at the first start)' })
  }
}

/** Whoever may open the control socket (mode 0600) is the administrator of this machine's Peerage. */
export const socketGate: Gate = async () => undefined
