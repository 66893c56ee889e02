import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { lifecycleOf } from '../../people/standing.ts'
import { visitorOf } from './guard.ts'
import { rosterFilters, type Roster, type RosterFilter } from '../admin/roster.ts'
import type { Views } from './views.ts'

const rowsOnPage = 50

const schema = {
  querystring: Type.Object({
    q: Type.String({ maxLength: 200, default: '' }),
    filter: Type.Union(
      rosterFilters.map((name) => Type.Literal(name)),
      { default: 'all' },
    ),
    page: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }),
  }),
}

/** `/people`: everybody, searched and filtered, fifty at a time. */
export function mountPeoplePage(app: FastifyInstance, roster: Roster, views: Views): void {
  app.get('/people', { schema }, async (request: Asked, reply) => {
    const { q, filter } = request.query
    const found = await roster.find(q, filter)
    const pages = Math.max(1, Math.ceil(found.length / rowsOnPage))
    const page = Math.min(request.query.page, pages)
    const rows = found.slice((page - 1) * rowsOnPage, page * rowsOnPage)
    const href = (to: number) => addressOf({ q, filter, page: to })
    return views.send(request, reply, visitorOf(request), 'people', {
      title: 'people',
      active: 'people',
      q,
      filter,
      filters: rosterFilters.map((name) => ({
        name,
        href: addressOf({ q, filter: name, page: 1 }),
      })),
      total: found.length,
      page,
      pages,
      rows: rows.map(({ member: { person, standing } }) => ({
        person,
        state: lifecycleOf(person, standing),
      })),
      previous: page > 1 ? href(page - 1) : null,
      next: page < pages ? href(page + 1) : null,
    })
  })
}

interface Query {
  readonly q: string
  readonly filter: RosterFilter
  readonly page: number
}

function addressOf({ q, filter, page }: Query): string {
  return `/people?${new URLSearchParams({ q, filter, page: String(page) })}`
}

type Asked = FastifyRequest<{ Querystring: Query }>
