import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Accounts } from '../../state/accounts.ts'
import type { Sessions } from '../../state/sessions.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface AccountDeps {
  readonly accounts: Accounts
  readonly sessions: Sessions
}

const params = Type.Object({ name: Type.String({ maxLength: 64 }) })

/** `/api/accounts`: the accounts that no directory has. */
export function mountAccounts(app: FastifyInstance, deps: AccountDeps): void {
  app.get('/accounts', async () => {
    return { accounts: deps.accounts.list() } satisfies AnswerTo<'GET /api/accounts'>
  })

  app.post('/accounts/:name/reset', { schema: { params } }, async (request: Reset, reply) => {
    const { name } = request.params
    const password = await resetAccount(name, deps)
    if (password === undefined) {
      return reply.code(404).send({ error: `there is no account '${name}'` })
    }
    const answer: AnswerTo<'POST /api/accounts/{name}/reset'> = { name, password }
    return reply.header('cache-control', 'no-store').send(answer)
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
