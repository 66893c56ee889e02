import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { scopes, type Scope } from '../../state/token-scopes.ts'
import type { Tokens } from '../../state/tokens.ts'
import { noteForTrail } from '../auth/actors.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface TokenDeps {
  readonly tokens: Tokens
}

/** What `POST /api/tokens` answers: shown once. */
export interface NewToken {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly token: string
}

/** What an administrator may call a token. */
export const tokenName = /^\w[\w .:@+-]{0,62}\w$|^\w$/

const name = Type.String({
  pattern: tokenName.source,
  description: 'What it is for: letters, digits, spaces and . : @ + - _, 64 at most.',
})
const body = Type.Object(
  {
    name,
    scopes: Type.Array(Type.Union(scopes.map((scope) => Type.Literal(scope))), {
      minItems: 1,
      uniqueItems: true,
      description: 'What it is good for.',
    }),
  },
  { additionalProperties: false },
)
const params = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) })

/** `/api/tokens`: what other programs show to be let in. */
export function mountTokens(app: FastifyInstance, { tokens }: TokenDeps): void {
  app.get('/tokens', async () => {
    return { tokens: tokens.list() } satisfies AnswerTo<'GET /api/tokens'>
  })

  app.post('/tokens', { schema: { body } }, async (request: Making, reply) => {
    const { name, scopes } = request.body
    noteForTrail(request, { name, scopes: scopes.join(' ') })
    const made: AnswerTo<'POST /api/tokens'> | undefined = await makeToken(name, scopes, tokens)
    if (made) return reply.header('cache-control', 'no-store').send(made)
    const error = `there is a token '${name}' already; revoke it, or take another name`
    return reply.code(409).send({ error, why: 'taken' })
  })

  app.post('/tokens/:name/revoke', { schema: { params } }, async (request: Revoking, reply) => {
    const { name } = request.params
    if (!(await tokens.revoke(name))) {
      return reply.code(404).send({ error: `there is no token '${name}'` })
    }
    return { revoked: name } satisfies AnswerTo<'POST /api/tokens/{name}/revoke'>
  })
}

/** Undefined: there is one of that name already. */
export async function makeToken(
  name: string,
  scopes: readonly Scope[],
  tokens: Tokens,
): Promise<NewToken | undefined> {
  return tokens.has(name) ? undefined : { name, scopes, token: await tokens.make(name, scopes) }
}

type Making = FastifyRequest<{ Body: { name: string; scopes: Scope[] } }>
type Revoking = FastifyRequest<{ Params: { name: string } }>
