import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { auditKinds, type AuditFilter } from '../../state/audit.ts'
import { auditQuery } from '../admin/audit.ts'
import { visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import { doerOf, trailRow } from './trail-view.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const rowsOnPage = 50

const schema = { querystring: Type.Object(auditQuery) }

/** `/access/trail`: who did what, the newest first. */
export function mountTrailPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { audit, people } = deps

  app.get('/access/trail', { schema }, async (request: Asked, reply) => {
    const { query } = request
    const { kind, actor, person, before } = query
    const language = languageOf(request)
    const found = await audit.newest(rowsOnPage + 1, query)
    const rows = found.slice(0, rowsOnPage)
    const last = found.length > rowsOnPage ? rows.at(-1)?.id : undefined
    const only = [...(actor ? [actor] : []), ...(person ? [`person/${person}`] : [])]
    return views.send(request, reply, visitorOf(request), 'trail', {
      title: 'trail',
      active: 'access',
      kinds: [undefined, ...auditKinds].map((name) => ({
        word: name ? `trail-${name}` : 'all',
        href: addressOf({ actor, person, kind: name }),
        isShown: name === kind,
      })),
      only: only.map((each) => doerOf(each, people, words[language])),
      all: addressOf({ kind }),
      newest: before === undefined ? null : addressOf({ kind, actor, person }),
      older: last === undefined ? null : addressOf({ kind, actor, person, before: last }),
      rows: rows.map((entry) => ({
        ...trailRow(entry, people, language),
        byActor: addressOf({ kind, actor: entry.actor }),
      })),
    })
  })
}

function addressOf(filter: AuditFilter): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(filter))
    if (value !== undefined) query.set(key, String(value))
  return `/access/trail?${query}`
}

type Asked = FastifyRequest<{ Querystring: AuditFilter }>
