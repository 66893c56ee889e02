import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, test } from 'vitest'
import { lazyValidators } from '../../src/http/lazy-validators.ts'

const body = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 2 }, size: { type: 'integer', default: 7 } },
  additionalProperties: false,
}
const querystring = { type: 'object', properties: { tag: { type: 'array' } } }

function serve(app: FastifyInstance, schema: object): FastifyInstance {
  app.post('/', { schema }, (request) => ({ body: request.body, query: request.query }))
  return app
}

function lazy(schema: object): FastifyInstance {
  return serve(Fastify().setValidatorCompiler(lazyValidators()), schema)
}

describe('validation that is compiled late', () => {
  test('takes, completes and refuses what fastify itself does, in the same words', async () => {
    await using own = serve(Fastify(), { body, querystring })
    await using late = lazy({ body, querystring })
    const asked = [
      { payload: { name: 'ada', size: '3' } },
      { payload: { name: 'ada', more: 1 }, query: { tag: 'one' } },
      { payload: { name: 'a' } },
      { payload: { size: 'many', name: 'ada' } },
      { payload: {} },
    ]
    for (const each of asked) {
      const [want, got] = await Promise.all(
        [own, late].map((app) => app.inject({ method: 'POST', url: '/', ...each })),
      )
      expect([got?.statusCode, got?.json()]).toEqual([want?.statusCode, want?.json()])
    }
  })

  test('costs nothing before somebody asks', async () => {
    const impossible = { body: { type: 'no such type' } }
    await using own = serve(Fastify(), impossible)
    const start = async () => own.ready()
    await expect(start()).rejects.toThrow('Failed building the validation schema')
    await using late = lazy(impossible)
    await late.ready()
    const { statusCode } = await late.inject({ method: 'POST', url: '/', payload: {} })
    expect(statusCode).toBe(500)
  })
})
