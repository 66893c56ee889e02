import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PageDeps } from './page-deps.ts'
import { protect } from './guard.ts'
import type { Views } from './views.ts'
import { languageOf, words, type Words } from './words.ts'

/** Errors of the pages, as a page. Whatever is no browser is told as the API tells it. */
export function explainErrors(page: FastifyInstance, deps: PageDeps, views: Views): void {
  page.setErrorHandler((error: FastifyError, request, reply) => {
    if (!isBrowser(request)) throw error
    const status = error.statusCode ?? 500
    if (status < 500) return explain(request, reply.code(status), 'notUnderstood', deps, views)
    const { id: requestId, routeOptions } = request
    deps.log.error({ requestId, url: routeOptions.url, problem: error.message }, 'request failed')
    return explain(request, reply.code(500), 'brokenHere', deps, views)
  })
}

/** An address that nothing is behind, as a page; `views` is there when the pages are. */
export function explainLost(app: FastifyInstance, deps: PageDeps, views: () => Views): void {
  app.addHook('preHandler', async (request, reply) => {
    const isLost = request.is404 && request.method === 'GET' && !/^\/api\b/.test(request.url)
    if (!isLost || !isBrowser(request)) return undefined
    return explain(request, protect(reply.code(404)), 'notFound', deps, views())
  })
}

function explain(
  request: FastifyRequest,
  reply: FastifyReply,
  word: keyof Words,
  { visitors }: PageDeps,
  views: Views,
): FastifyReply {
  const text = words[languageOf(request)][word]
  return views.send(request, reply, visitors.of(request) ?? null, 'message', { title: word, text })
}

function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false
}
