import type { FastifySchema } from 'fastify'
import { missingScope } from '../auth/permissions.ts'
import { unrepeatable } from './done-requests.ts'
import { answerOf } from './openapi-answers.ts'
import { examples, type Example } from './openapi-examples.ts'

/** One route as the description shows it. */
export interface Operation {
  readonly method: string
  /** As it is mounted: `/api/people/:id`. */
  readonly route: string
  readonly summary: string
  readonly schema: FastifySchema
}

/** A schema of the description: with examples, a line for a shell, and what may be answered. */
export function describeOperation(operation: Operation): FastifySchema {
  const { method, route, summary, schema } = operation
  const key = keyOf(method, route)
  const example = examples[key] ?? {}
  const { params, querystring, body } = schema
  return {
    ...schema,
    ...(params ? { params: withExamples(params, example.params) } : {}),
    ...(querystring ? { querystring: withExamples(querystring, example.query) } : {}),
    ...(body ? { body: { ...(body as object), examples: [example.body].filter(Boolean) } } : {}),
    ...(unrepeatable.has(route) ? { headers: idempotencyKey } : {}),
    summary,
    description: isOwn(route)
      ? 'Wants somebody who is signed in, and is about him alone.'
      : `Wants a token with the scope ${scopeFor(method, route)}, or a role that may do this.`,
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: curl(operation, example) }],
    response: {
      ...answerOf(key),
      ...refusals,
      ...(unrepeatable.has(route) ? { 422: keyReused } : {}),
      ...(route.endsWith('/calls') ? refusalsOfCalls : {}),
    },
  } as FastifySchema // with what the description has beside
}

/** As OpenAPI writes an operation: `GET /api/people/{id}`. */
export function keyOf(method: string, route: string): string {
  return `${method} ${route.replaceAll(/:(\w+)/g, '{$1}')}`
}

function withExamples(schema: unknown, values: Example['query'] = {}): unknown {
  const { properties = {}, required = [], ...rest } = schema as ObjectSchema
  const described = Object.entries(properties).map(([name, property]) => {
    return [name, name in values ? { ...property, examples: [values[name]] } : property] as const
  })
  // What has a default need not be given.
  const wanted = required.filter((name) => !('default' in (properties[name] ?? {})))
  return { ...rest, required: wanted, properties: Object.fromEntries(described) }
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, object>>
  readonly required?: readonly string[]
}

/** The least that is enough; of a look-up, without the secrets. */
function scopeFor(method: string, route: string): string {
  return missingScope([], method, route, {}) ?? 'read'
}

/** For people who have a session, and not for tokens. */
function isOwn(route: string): boolean {
  return /^\/api\/me(\/|$)/.test(route)
}

/**
 * With `$PEERAGE` for the address and `$TOKEN` for the token, or `$SESSION` for the cookie and
 * `$CSRF` for what came with it.
 */
function curl({ method, route }: Operation, { params = {}, query = {}, body }: Example): string {
  const path = route.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name] ?? name)),
  )
  const asked = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  const session = `-H "Cookie: $SESSION" -H "X-CSRF-Token: $CSRF"`
  const proof = isOwn(route) ? session : `-H "Authorization: Bearer $TOKEN"`
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${proof}`,
    ...(unrepeatable.has(route) ? [`-H "Idempotency-Key: $(uuidgen)"`] : []),
    ...(body ? [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body)}'`] : []),
    `"$PEERAGE${path}${asked === '' ? '' : `?${asked}`}"`,
  ].join(' \\\n  ')
}

const idempotencyKey = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{1,200}$',
      description: 'Whoever asks again under the same key within a day changes nothing more.',
    },
  },
}

const refusal = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const keyReused = refusal('This Idempotency-Key was used for something else')

const refusalsOfCalls = {
  502: refusal('Asterisk did not make the call'),
  503: refusal('No Asterisk is connected that could'),
}

const refusals = {
  400: refusal('Not understood'),
  401: refusal('A token is wanted'),
  403: refusal('The token or the role may not do this'),
  404: refusal('There is no such thing'),
  409: refusal('Not as things are'),
}
