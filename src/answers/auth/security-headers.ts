import type { FastifyReply, FastifyRequest } from 'fastify'

const always = {
  // Pages may load from here only, and nobody may put them into a frame of his own.
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
} as const

/** On everything that a browser may get; a route that needs another one sets its own. */
export function secureHeaders(isSecure: (request: FastifyRequest) => boolean) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    for (const [name, value] of Object.entries(always)) {
      if (!reply.hasHeader(name)) reply.header(name, value)
    }
    if (isSecure(request)) reply.header('strict-transport-security', 'max-age=31536000')
  }
}
