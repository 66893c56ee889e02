import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { followsText } from '../../state/lease.ts'
import { scopes, type Scope } from '../../state/token-scopes.ts'
import { makeToken, tokenName, type NewToken } from '../admin/tokens.ts'
import { noteForTrail } from '../auth/actors.ts'
import { mountAccountsPage } from './accounts-page.ts'
import { forRole, visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import { mountTrailPage } from './trail-page.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const rowsOnPage = 50

const listed = {
  querystring: Type.Object({ page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }) }),
}
/** A box of a form that is not ticked does not come at all. */
const boxes = scopes.map((scope) => [`scope-${scope}`, Type.Optional(Type.String())] as const)
const wanted = {
  body: Type.Object({ name: Type.String({ maxLength: 200 }), ...Object.fromEntries(boxes) }),
}
const byName = { params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) }) }

/** `/access`: tokens of the API, accounts of Peerage itself, and the trail of who did what. */
export function mountAccessPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  app.register(async (inside) => {
    forRole(inside, 'administrator', views)
    inside.addHook('preHandler', async (request, reply) => {
      if (request.method === 'GET' || deps.lease.isHeld) return undefined
      const text = followsText(deps.lease.holder)
      const about = { title: 'access', active: 'access', text } as const
      return views.send(request, reply.code(409), visitorOf(request), 'message', about)
    })
    mountTokensPage(inside, deps, views)
    mountAccountsPage(inside, deps, views)
    mountTrailPage(inside, deps, views)
  })
}

function mountTokensPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { tokens, accounts } = deps

  app.get('/access', { schema: listed }, (request: Listed, reply) =>
    show(request, reply, { page: request.query.page }),
  )

  app.post('/access/tokens', { schema: wanted }, async (request: Wanted, reply) => {
    const { name } = request.body
    const chosen = scopes.filter((scope) => request.body[`scope-${scope}`] !== undefined)
    const w = words[languageOf(request)]
    const draft = { name, scopes: chosen }
    if (!tokenName.test(name) || chosen.length === 0)
      return show(request, reply.code(400), { problem: w.tokenWrong, draft })
    noteForTrail(request, { name, scopes: chosen.join(' ') })
    const made = await makeToken(name, chosen, tokens)
    if (!made) return show(request, reply.code(409), { problem: w.tokenTaken, draft })
    return show(request, reply, { made })
  })

  app.get('/access/tokens/:name/revoke', { schema: byName }, (request: ByName, reply) => {
    const { name } = request.params
    if (!tokens.has(name)) return gone(request, reply)
    const w = words[languageOf(request)]
    return views.send(request, reply, visitorOf(request), 'access-question', {
      title: 'tokenRevoke',
      active: 'access',
      name,
      question: w.tokenRevokeAsk,
      hint: w.tokenRevokeHint,
      warning: null,
      deed: w.tokenRevoke,
    })
  })

  app.post('/access/tokens/:name/revoke', { schema: byName }, async (request: ByName, reply) => {
    if (!(await tokens.revoke(request.params.name))) return gone(request, reply)
    return reply.redirect('/access', 303)
  })

  function show(request: FastifyRequest, reply: FastifyReply, shown: Shown): FastifyReply {
    const { page = 1, made = null, problem = null, draft = { name: '', scopes: [] } } = shown
    // The newest first: that one is looked for.
    const all = tokens.list().toReversed()
    const pages = Math.max(1, Math.ceil(all.length / rowsOnPage))
    const at = Math.min(page, pages)
    return views.send(request, reply, visitorOf(request), 'access', {
      title: 'access',
      active: 'access',
      made,
      problem,
      draft,
      scopes,
      accounts: accounts.list(),
      page: at,
      pages,
      rows: all.slice((at - 1) * rowsOnPage, at * rowsOnPage),
    })
  }

  function gone(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const text = words[languageOf(request)].tokenGone
    const about = { title: 'notFound', active: 'access', text } as const
    return views.send(request, reply.code(404), visitorOf(request), 'message', about)
  }
}

interface Shown {
  readonly page?: number
  readonly made?: NewToken
  readonly problem?: string
  /** What was filled in and is wrong. */
  readonly draft?: { readonly name: string; readonly scopes: readonly Scope[] }
}

type Listed = FastifyRequest<{ Querystring: { page: number } }>
type Wanted = FastifyRequest<{ Body: { name: string } & Partial<Record<`scope-${Scope}`, string>> }>
type ByName = FastifyRequest<{ Params: { name: string } }>
