import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * A refusal as programs read it (RFC 9457). `type` says which, where the status alone does not;
 * `error` is what `detail` is, for programs of before.
 */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly error: string
}

/** Turns every JSON answer `{ error, … }` of a status from 400 on into one; others stay as they are. */
export async function writeProblem(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const { statusCode: status } = reply
  if (status < 400 || !isRefusal(payload)) return payload
  reply.type('application/problem+json')
  return { ...problemOf(status, payload.error, payload.why), ...payload }
}

/** `why`: a word for programs, of the few that docs/api.md lists. */
export function problemOf(status: number, error: string, why?: unknown): Problem {
  return {
    type: typeof why === 'string' ? `urn:peerage:problem:${why}` : 'about:blank',
    title: STATUS_CODES[status] ?? 'Refused',
    status,
    detail: error,
    error,
  }
}

function isRefusal(payload: unknown): payload is { error: string; why?: unknown } {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'error' in payload &&
    typeof payload.error === 'string'
  )
}
