import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Accounts } from '../../state/accounts.ts'
import type { Sessions } from '../../state/sessions.ts'

export interface AccountDeps {
  readonly accounts: Accounts
  readonly sessions: Sessions
}

const params = Type.Object({ name: Type.String({ maxLength: 64 }) })

/** `/api/accounts`: the accounts that no directory has. */
export function mountAccounts(app: FastifyInstance, deps: AccountDeps): void {
  app.get('/accounts', async () => ({ accounts: deps.accounts.list() }))

  app.post('/accounts/:name/reset', { schema: { params } }, async (request: Reset, reply) => {
    const { name } = request.params
    const password = await resetAccount(name, deps)
    if (password === undefined) {
      return reply.code(404).send({ error: `there is no account '${name}'` })
    }
    return reply.header('cache-control', 'no-store').send({ name, password })
  })
}

/**
 * The other password of an account, to be shown once. Whoever is signed in with it is not any more,
 * also who asked for it. Undefined: there is none of that name.
 */
export async function resetAccount(
  name: string,
  { accounts, sessions }: AccountDeps,
): Promise<string | undefined> {
  if (accounts.roleOf(name) === undefined) return undefined
  const password = await accounts.reset(name)
  await sessions.endAll(`account/${name}`)
  return password
}

type Reset = FastifyRequest<{ Params: { name: string } }>
