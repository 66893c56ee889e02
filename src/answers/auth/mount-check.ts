import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import type { Tokens } from '../../state/tokens.ts'
import { bearerOf, refuseScope } from './actors.ts'
import type { LoginNames } from './login-names.ts'
import { credentialsBody, describeSubject, refuse } from './mount-session.ts'
import type { SignIn } from './sign-in.ts'

export interface CheckDeps {
  readonly signIn: SignIn
  readonly names: LoginNames
  readonly tokens: Tokens
  /** Whether a request comes straight from a server that needs no token. */
  readonly isSystem: (request: FastifyRequest) => boolean
  readonly addressOf: (request: FastifyRequest) => string
}

const body = Type.Object({
  ...credentialsBody.properties,
  address: Type.Optional(Type.String({ maxLength: 64 })),
})
const nameBody = Type.Object({ name: Type.String({ maxLength: 1024 }) })

/**
 * `POST /auth/check`: another server of the company asks whether it is the right password. 200 with
 * who it is; 403 with why not; 503 when nobody can say; 401 when the server itself may not ask.
 * `POST /auth/exists`: whether somebody of that name could sign in.
 */
export function mountCheck(
  app: FastifyInstance,
  { signIn, names, tokens, isSystem, addressOf }: CheckDeps,
): void {
  async function onlySystems(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const text = bearerOf(request)
    const token = text === undefined ? undefined : tokens.check(text, addressOf(request))
    if (token) {
      const isScoped = (['administer', 'auth'] as const).some((one) => token.scopes.includes(one))
      return isScoped ? undefined : refuseScope(reply, token.name, 'auth')
    }
    if (text === undefined && isSystem(request)) return undefined
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer realm="peerage"')
      .send({ error: 'a token is wanted, or an address among login.systems' })
  }
  const onRequest = onlySystems

  app.post('/check', { onRequest, schema: { body } }, async (request: Check, reply) => {
    const { name, password, address = null } = request.body
    const asked = { name, password, address, by: 'check', isSystem: true }
    const outcome = await signIn.attempt(asked)
    if (outcome.kind !== 'in') return refuse(reply, outcome, 403)
    return { ok: true, ...describeSubject(outcome.subject) }
  })

  app.post('/exists', { onRequest, schema: { body: nameBody } }, async (request: Exists, reply) => {
    const person = names.find(request.body.name)
    if (person?.disabled === null) return { ok: true }
    return reply.code(404).send({ ok: false, error: 'nobody of that name could sign in' })
  })
}

type Check = FastifyRequest<{ Body: Static<typeof body> }>
type Exists = FastifyRequest<{ Body: Static<typeof nameBody> }>
