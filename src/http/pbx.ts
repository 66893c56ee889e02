import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { mountRealtime } from '../answers/realtime/routes.ts'
import type { Family } from '../answers/realtime/family.ts'
import type { Logger } from '../logger.ts'

/** The listener that Asterisk asks. */
export function buildPbx(
  families: readonly Family[],
  token: string | undefined,
  log: Logger,
): FastifyInstance {
  const app = Fastify({
    bodyLimit: 1_048_576,
    // libcurl keeps a connection per Asterisk thread; closing idle ones would race with a question.
    keepAliveTimeout: 3_600_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // A path that cannot be decoded never reaches a route.
    frameworkErrors: (_error, _request, reply: FastifyReply) => void reply.code(200).send(''),
    routerOptions: { maxParamLength: 200 },
  })
  if (token !== undefined) requireToken(app, token, log)
  app.register(async (realtime) => mountRealtime(realtime, families, log), { prefix: '/realtime' })
  return app
}

/**
 * `Authorization: Bearer TOKEN`, or Basic with the token as password (`userpwd` of res_curl.conf).
 * Without it nothing is answered: to Asterisk an empty body is "not there".
 */
function requireToken(app: FastifyInstance, token: string, log: Logger): void {
  const wanted = digest(token)
  app.addHook('onRequest', async (request, reply) => {
    const shown = shownToken(request.headers.authorization)
    if (shown !== undefined && timingSafeEqual(digest(shown), wanted)) return undefined
    log.warn(
      { address: request.ip, problem: shown === undefined ? 'no token' : 'wrong token' },
      'question refused; check userpwd or httpheader in res_curl.conf',
    )
    return reply.code(401).send('')
  })
}

function shownToken(header: string | undefined): string | undefined {
  const [scheme = '', text = ''] = (header ?? '').split(' ')
  if (/^bearer$/i.test(scheme)) return text
  if (!/^basic$/i.test(scheme)) return undefined
  const pair = Buffer.from(text, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
