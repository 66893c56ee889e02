import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { mountApi, type ApiDeps } from '../answers/admin/api.ts'
import { describeApi } from '../answers/admin/openapi.ts'
import { mountHealth } from '../answers/admin/health.ts'
import { actorOf, keepTrail, type Gate } from '../answers/auth/actors.ts'
import { secureHeaders } from '../answers/auth/security-headers.ts'
import { mountMetrics } from '../answers/metrics/mount-metrics.ts'
import type { MetricsDeps } from '../answers/metrics/metrics.ts'
import type { Logger } from '../logger.ts'
import type { Client } from './client-address.ts'
import { lazyValidators } from './lazy-validators.ts'
import { readMisspelt } from './misspelt.ts'
import type { PhoneListener } from './phones.ts'
import { problemOf, writeProblem } from './problems.ts'
import { logAnswers, requestId, showRequestId } from './request-ids.ts'

/** What of a listener is not the API: who asks, and what else is served there. */
export interface WebParts {
  readonly clientOf: (request: IncomingMessage) => Client
  readonly mount?: (app: FastifyInstance) => void
  /** Desk phones, which are asked first. */
  readonly phones?: PhoneListener
}

/**
 * The listener for administrators, their programs and phones; without `phones` it serves the control
 * socket.
 */
export function buildWeb(
  deps: ApiDeps & MetricsDeps,
  gate: Gate,
  log: Logger,
  web: WebParts,
): FastifyInstance {
  const { clientOf, phones = () => false } = web
  const app = Fastify({
    bodyLimit: 65_536,
    forceCloseConnections: true,
    genReqId: requestId,
    frameworkErrors: refuseAddress,
    clientErrorHandler: readMisspelt(phones),
    serverFactory: (api: RequestListener) => createServer(dispatch(phones, api)),
  })
  app.setValidatorCompiler(lazyValidators())
  app.addHook('onRequest', showRequestId)
  app.addHook('preSerialization', writeProblem)
  app.addHook(
    'onResponse',
    logAnswers(log, (request) => actorOf(request)?.id ?? null),
  )
  app.addHook(
    'onSend',
    secureHeaders(({ raw }) => clientOf(raw).isSecure),
  )
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) {
      const { id: requestId, routeOptions } = request
      log.error({ requestId, url: routeOptions.url, problem: error.message }, 'request failed')
    }
    return reply.code(status).send({ error: status >= 500 ? 'internal error' : error.message })
  })
  const notFound = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.code(404).send({ error: 'there is no such page' })
  app.setNotFoundHandler(notFound)
  mountHealth(app, deps)
  app.register(async (metrics) => {
    metrics.addHook('onRequest', gate)
    mountMetrics(metrics, deps)
  })
  app.register(
    async (api) => {
      api.addHook('onRequest', gate)
      api.addHook(
        'onResponse',
        keepTrail({ audit: deps.audit, log, now: deps.now }, ({ raw }) => clientOf(raw).address),
      )
      api.setNotFoundHandler(notFound)
      await describeApi(api)
      mountApi(api, deps)
    },
    { prefix: '/api' },
  )
  web.mount?.(app)
  return app
}

/** Phones go past the framework, which refuses addresses that phones do write. */
export function dispatch(phones: PhoneListener, api: RequestListener): RequestListener {
  return (request, response) => {
    if (!phones(request, response)) api(request, response)
  }
}

/** An address that no route can be looked up by: no hook has run, and none will. */
function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 400
  void reply
    .code(status)
    .header('x-request-id', request.id)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(status, 'this address is not understood')))
}
