import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../logger.ts'

/** That of whoever asks (`x-request-id`), if it is a plain word, else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:+/=-]{1,64}$/.test(given) ? given : randomUUID()
}

/** So that an answer and its line in the log are found by each other. */
export async function showRequestId(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('x-request-id', request.id)
}

/**
 * A line for each answer, without the address as it was asked: what is searched for is nobody's
 * business, and a query may hold a token.
 */
export function logAnswers(log: Logger, actorOf: (request: FastifyRequest) => string | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { id: requestId, method, routeOptions } = request
    const about = { requestId, method, route: routeOptions.url ?? null, actor: actorOf(request) }
    const ms = Math.round(reply.elapsedTime)
    log.debug({ ...about, status: reply.statusCode, ms }, 'request answered')
  }
}
