import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { resetAccount } from '../admin/accounts.ts'
import { visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const byName = { params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) }) }

/** `/access/accounts/{name}/reset`: another password for an account of Peerage itself. */
export function mountAccountsPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { accounts, visitors } = deps
  const path = '/access/accounts/:name/reset'

  app.get(path, { schema: byName }, (request: ByName, reply) => {
    const { name } = request.params
    if (accounts.roleOf(name) === undefined) return gone(request, reply)
    const w = words[languageOf(request)]
    return views.send(request, reply, visitorOf(request), 'access-question', {
      title: 'accountReset',
      active: 'access',
      name,
      question: w.accountResetAsk,
      hint: w.accountResetHint,
      warning: isOwn(request) ? w.accountResetOwn : null,
      deed: w.accountReset,
    })
  })

  app.post(path, { schema: byName }, async (request: ByName, reply) => {
    const { name } = request.params
    const password = await resetAccount(name, deps)
    if (password === undefined) return gone(request, reply)
    // Whoever did it to his own account is nobody from now on, and is shown no menu.
    if (isOwn(request)) await visitors.end(request, reply)
    const visitor = isOwn(request) ? null : visitorOf(request)
    const about = { title: 'accountReset', active: 'access', name, password } as const
    return views.send(request, reply, visitor, 'account-made', about)
  })

  function isOwn(request: ByName): boolean {
    return visitorOf(request).subject.id === `account/${request.params.name}`
  }

  function gone(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const text = words[languageOf(request)].accountGone
    const about = { title: 'notFound', active: 'access', text } as const
    return views.send(request, reply.code(404), visitorOf(request), 'message', about)
  }
}

type ByName = FastifyRequest<{ Params: { name: string } }>
