import type { FastifyRequest } from 'fastify'
import { isLoopback } from '../../loopback.ts'
import type { Visitors } from '../auth/visitors.ts'
import { originOf } from '../phonebook/wire.ts'

/** Where the browser found us: `https://pbx.example.org`. */
export function originFor(request: FastifyRequest, visitors: Visitors): string {
  return originOf({ headers: request.headers, isSecure: visitors.isSecure(request) })
}

/** Whether nobody on the way can read along. */
export function isPrivate(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'https:' || isLoopback(hostname)
}
