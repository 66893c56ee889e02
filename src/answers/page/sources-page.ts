import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { forRole, visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import { mountSourceDrafts } from './sources-draft-page.ts'
import { languageOf, words } from './words.ts'
import type { Views } from './views.ts'

const name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$' })
/** How long what became of a change is told. */
const newsMs = 600_000
const byName = { params: Type.Object({ name }) }
const named = { body: Type.Object({ name }, { additionalProperties: true }) }

/**
 * `/sources`: where people come from, and the way to try other settings and to save them. For
 * administrators only: whoever may do this may make the service connect to anywhere.
 */
export function mountSourcesPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  app.register(async (inside) => {
    forRole(inside, 'administrator', views)
    mountList(inside, deps, views)
    mountSourceDrafts(inside, deps, views)
  })
}

function mountList(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { settings, syncs, people, now } = deps

  app.get('/sources', (request, reply) => {
    const { change, ...about } = settings.file
    const isNews = change && (change.outcome === 'under-way' || now() - change.at < newsMs)
    const file = { ...about, change: isNews ? change : null }
    const rows = settings.outlines().map((outline) => {
      const sync = syncs.find((each) => each.name === outline.name)
      return { ...outline, people: people.countOf(outline.name), readAt: sync?.readAt ?? null }
    })
    const data = { title: 'sources', active: 'sources', file, rows } as const
    return views.send(request, reply, visitorOf(request), 'sources', data)
  })

  app.post('/sources', { schema: named }, (request: Named, reply) => {
    const draft = settings.beginNew(visitorOf(request).subject.id, request.body.name)
    return draft ? reply.redirect(draftPath(draft), 303) : gone(request, reply)
  })

  for (const way of ['drafts', 'removal'] as const) {
    app.post(`/sources/:name/${way}`, { schema: byName }, (request: ByName, reply) => {
      const draft = settings.begin(visitorOf(request).subject.id, request.params.name)
      if (way === 'removal') draft?.remove()
      return draft ? reply.redirect(draftPath(draft), 303) : gone(request, reply)
    })
  }

  function gone(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const text = words[languageOf(request)].draftGone
    const about = { title: 'notFound', text } as const
    return views.send(request, reply.code(404), visitorOf(request), 'message', about)
  }
}

export function draftPath({ name, id }: { readonly name: string; readonly id: string }): string {
  return `/sources/${name}/drafts/${id}`
}

type ByName = FastifyRequest<{ Params: { name: string } }>
type Named = FastifyRequest<{ Body: { name: string } }>
