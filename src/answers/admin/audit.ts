import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { auditKinds, type Audit, type AuditFilter } from '../../state/audit.ts'
import { pageOf, pageQuery, placeAfter, type PageQuery } from './paging.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface AuditDeps {
  readonly audit: Audit
}

/** Which entries: what the API and the page take. */
export const auditQuery = {
  kind: Type.Optional(Type.Union(auditKinds.map((kind) => Type.Literal(kind)))),
  actor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 600, description: 'Only what this one did.' }),
  ),
  person: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Only what this person did, and what was done about him: his id.',
    }),
  ),
  before: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Older than the entry of this id; cursor is for paging.',
    }),
  ),
}
const querystring = Type.Object({ ...auditQuery, ...pageQuery(100, 1000) })

/** `/api/audit`: who changed what, who came in. */
export function mountAudit(app: FastifyInstance, { audit }: AuditDeps): void {
  app.get('/audit', { schema: { querystring } }, async ({ query }: Listing) => {
    const [before = query.before] = placeAfter(query, 'number') ?? []
    const found = await audit.newest(query.limit + 1, { ...query, before })
    const { rows, next } = pageOf(found, query, ({ id }) => [id])
    return { entries: rows, next } satisfies AnswerTo<'GET /api/audit'>
  })
}

type Listing = FastifyRequest<{ Querystring: PageQuery & AuditFilter }>
