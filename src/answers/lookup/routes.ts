import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { compileNetworks } from '../../networks.ts'
import type { Logger } from '../../logger.ts'
import type { Calls } from '../caller/calls.ts'
import type { LookupOptions } from './options.ts'
import { shapeNames, shapes, type ShapeName } from './shapes.ts'

export interface LookupRouteDeps {
  readonly calls: Calls
  readonly options: LookupOptions
  readonly log: Logger
}

const text = Type.Optional(Type.String())
const schema = {
  querystring: Type.Object({ number: text, format: text, trunk: text, to: text, token: text }),
}

/**
 * `GET /lookup?number=…[&format=json|text|xml|3cx|innovaphone][&trunk=NAME][&to=NUMBER]`: who has a
 * number, for everything that asks by HTTP. Always 200 to who may ask, and empty when not known:
 * `CURL()` and its like take any page for a name.
 */
export function mountLookup(app: FastifyInstance, deps: LookupRouteDeps): void {
  const { calls, options, log } = deps
  const mayAsk = compileGate(options)
  // A question that is not understood is answered like one for nobody, not by an error page.
  app.get('/lookup', { schema, attachValidation: true }, (request: Asked, reply) => {
    reply.header('cache-control', 'no-store')
    if (!mayAsk(request)) {
      log.warn({ address: request.ip }, 'look-up refused; check lookup.from and lookup.token')
      return reply.code(403).type('text/plain').send('')
    }
    if (request.validationError) return reply.type('text/plain').send('')
    const { number = '', format = 'json', trunk, to } = request.query
    // A plus that was not encoded comes as a space.
    const sent = number.replace(/^ (?=\d)/, '+')
    // What a trunk sends is a stranger's word: a short number is no colleague's there.
    const context = { trunk, to, isInside: trunk === undefined }
    const { type, text } = shapes[shapeOf(format)](calls.caller(sent, context))
    return reply.type(type).send(text)
  })
}

function shapeOf(format: string): ShapeName {
  return shapeNames.find((name) => name === format) ?? 'json'
}

function compileGate({ from, token }: LookupOptions): (request: FastifyRequest) => boolean {
  const isNear = compileNetworks(from)
  const wanted = token === undefined ? null : digest(token)
  return (request) => {
    if (!isNear(request.ip)) return false
    return (
      wanted === null || shownTokens(request).some((one) => timingSafeEqual(digest(one), wanted))
    )
  }
}

/** FreePBX and FreeSWITCH can only write an address, others a header. */
function shownTokens({ headers, query }: FastifyRequest): readonly string[] {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ')
  const basic = /^basic$/i.test(scheme) ? Buffer.from(value, 'base64').toString('utf8') : null
  const { token } = query as Readonly<Record<string, unknown>> // a parsed query is an object
  return [
    ...(basic === null ? [] : [basic.slice(basic.indexOf(':') + 1)]),
    ...(/^bearer$/i.test(scheme) ? [value] : []),
    ...(typeof token === 'string' ? [token] : []),
  ]
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

type Asked = FastifyRequest<{
  Querystring: {
    number?: string
    format?: string
    trunk?: string
    to?: string
    token?: string
  }
}>
