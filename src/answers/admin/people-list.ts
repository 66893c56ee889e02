import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Member } from '../../people/member.ts'
import type { People } from '../../people/people.ts'
import { lifecycleOf, type Lifecycle } from '../../people/standing.ts'
import type { Runs } from '../../state/runs.ts'
import { historyOf, type Happened } from './history.ts'
import { lookup, type Found, type LookupDeps } from './lookup.ts'
import { pageOf, pageQuery, placeAfter, UnknownCursor, type PageQuery } from './paging.ts'
import {
  listedAfter,
  rosterFilters,
  rosterOrders,
  type Roster,
  type RosterFilter,
  type RosterOrder,
} from './roster.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface PeopleListDeps extends LookupDeps {
  readonly people: People
  readonly roster: Roster
  readonly runs: Runs
}

/** Somebody as `GET /api/people` lists him. */
export interface ListedPerson {
  readonly id: string
  readonly source: string
  readonly name: string
  readonly user: string | null
  readonly email: string | null
  readonly extension: string | null
  readonly aliases: readonly string[]
  /** E.164, as `numbers`. */
  readonly dids: readonly string[]
  readonly numbers: readonly string[]
  readonly lifecycle: Lifecycle
  /** Since when the directory does not have him, in milliseconds since 1970; null: it has. */
  readonly missingSince: number | null
}

/** One person with all that is known of him but his secrets. */
export interface WholePerson extends Omit<Found, 'by' | 'secrets'> {
  /** What the latest runs did to him, the newest first. */
  readonly history: readonly Happened[]
}

const querystring = Type.Object({
  q: Type.String({
    maxLength: 200,
    default: '',
    description: 'Words that all stand in his name, numbers, login, mail, department or title.',
  }),
  filter: Type.Union(
    rosterFilters.map((name) => Type.Literal(name)),
    { default: 'all' },
  ),
  order: Type.Union(
    rosterOrders.map((name) => Type.Literal(name)),
    {
      default: 'id',
      description: '`id`: whoever is there the whole time is listed once, also when renamed.',
    },
  ),
  ...pageQuery(100, 1000),
})
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 500 }) })

/** `GET /api/people`: everybody, searched and filtered. `GET /api/people/{id}`: one of them. */
export function mountPeopleList(app: FastifyInstance, deps: PeopleListDeps): void {
  const { people, roster } = deps

  app.get('/people', { schema: { querystring } }, async (request: Listing, reply) => {
    const { q, filter, order } = request.query
    const [ordered, key, id] = placeAfter(request.query, 'string', 'string', 'string') ?? [order]
    if (ordered !== order) throw new UnknownCursor(`querystring/cursor is of another order`)
    const found = await roster.find(q, filter, order)
    const after = key === undefined || id === undefined ? undefined : ([key, id] as const)
    const rest = listedAfter(found, order, after)
    const { rows, next } = pageOf(rest, request.query, (row) => [
      order,
      row.key,
      row.member.person.id,
    ])
    const answer: AnswerTo<'GET /api/people'> = {
      people: rows.map(({ member }) => describe(member)),
      total: found.length,
      next,
    }
    return reply.header('cache-control', 'no-store').send(answer)
  })

  app.get('/people/:id', { schema: { params } }, async (request: One, reply) => {
    const { id } = request.params
    const found =
      people.member(id) && lookup(id, false, deps).find(({ person }) => person.id === id)
    if (!found) return reply.code(404).send({ error: `there is nobody with the id '${id}'` })
    const { by: _, ...about } = found
    const whole: WholePerson = { ...about, history: await historyOf(id, deps.runs) }
    const answer: AnswerTo<'GET /api/people/{id}'> = { person: whole }
    return reply.header('cache-control', 'no-store').send(answer)
  })
}

function describe({ person, standing }: Member): ListedPerson {
  const { id, source, name, user, email, extension, aliases, dids, numbers } = person
  return {
    id,
    source,
    name,
    user,
    email,
    extension,
    aliases,
    dids,
    numbers: numbers.flatMap(({ e164 }) => e164 ?? []),
    lifecycle: lifecycleOf(person, standing),
    missingSince: standing?.missing?.since ?? null,
  }
}

type Listing = FastifyRequest<{
  Querystring: PageQuery & {
    readonly q: string
    readonly filter: RosterFilter
    readonly order: RosterOrder
  }
}>
type One = FastifyRequest<{ Params: { id: string } }>
