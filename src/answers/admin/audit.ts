import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Accounts } from '../../state/accounts.ts'
import type { Audit, AuditKind } from '../../state/audit.ts'
import type { Sessions } from '../../state/sessions.ts'

export interface AuditDeps {
  readonly audit: Audit
  readonly accounts: Accounts
  readonly sessions: Sessions
}

const querystring = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  kind: Type.Optional(
    Type.Union([Type.Literal('change'), Type.Literal('sign-in'), Type.Literal('refusal')]),
  ),
  before: Type.Optional(Type.Integer({ minimum: 1 })),
})
const params = Type.Object({ name: Type.String({ maxLength: 64 }) })

/** `/api/audit`: who changed what, who came in; and the accounts that no directory has. */
export function mountAudit(app: FastifyInstance, { audit, accounts, sessions }: AuditDeps): void {
  app.get('/audit', { schema: { querystring } }, async (request: Listing) => {
    const { limit, kind, before } = request.query
    return { entries: await audit.newest(limit, kind, before) }
  })

  app.post('/accounts/:name/reset', { schema: { params } }, async (request: Reset, reply) => {
    const { name } = request.params
    if (accounts.roleOf(name) === undefined) {
      return reply.code(404).send({ error: `there is no account '${name}'` })
    }
    const password = await accounts.reset(name)
    await sessions.endAll(`account/${name}`)
    return reply.header('cache-control', 'no-store').send({ name, password })
  })
}

type Listing = FastifyRequest<{
  Querystring: { limit: number; kind?: AuditKind; before?: number }
}>
type Reset = FastifyRequest<{ Params: { name: string } }>
