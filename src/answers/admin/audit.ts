import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Accounts } from '../../state/accounts.ts'
import type { Audit, AuditKind } from '../../state/audit.ts'
import type { Sessions } from '../../state/sessions.ts'
import { pageOf, pageQuery, placeAfter, type PageQuery } from './paging.ts'

export interface AuditDeps {
  readonly audit: Audit
  readonly accounts: Accounts
  readonly sessions: Sessions
}

const querystring = Type.Object({
  kind: Type.Optional(
    Type.Union([Type.Literal('change'), Type.Literal('sign-in'), Type.Literal('refusal')]),
  ),
  before: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Older than the entry of this id; cursor is for paging.',
    }),
  ),
  ...pageQuery(100, 1000),
})
const params = Type.Object({ name: Type.String({ maxLength: 64 }) })

/** `/api/audit`: who changed what, who came in; and the accounts that no directory has. */
export function mountAudit(app: FastifyInstance, { audit, accounts, sessions }: AuditDeps): void {
  app.get('/audit', { schema: { querystring } }, async ({ query }: Listing) => {
    const [before = query.before] = placeAfter(query, 'number') ?? []
    const found = await audit.newest(query.limit + 1, query.kind, before)
    const { rows, next } = pageOf(found, query, ({ id }) => [id])
    return { entries: rows, next }
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
  Querystring: PageQuery & { kind?: AuditKind; before?: number }
}>
type Reset = FastifyRequest<{ Params: { name: string } }>
