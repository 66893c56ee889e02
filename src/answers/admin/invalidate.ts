import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Person } from '../../person/person.ts'
import type { Run, RunReason } from '../../state/runs.ts'
import type { Sync } from '../../sync/sync.ts'
import { lookup, type LookupDeps } from './lookup.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface InvalidateDeps extends LookupDeps {
  readonly syncs: readonly Sync[]
  readonly sync: (source: string | undefined, reason: RunReason) => Promise<readonly Run[]>
  readonly signal: AbortSignal
}

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 1000 }))
const schema = {
  body: Type.Object(
    { source: text, dn: text, id: text, user: text, number: text },
    { additionalProperties: false },
  ),
}

interface Named {
  readonly source?: string
  readonly dn?: string
  readonly id?: string
  readonly user?: string
  readonly number?: string
}

type What = Parameters<NonNullable<Sync['readOne']>>[0]

/**
 * `POST /api/invalidate` with a dn, id, user or number: reads just that entry again. A source that
 * cannot be asked for one entry, or somebody who is not known yet, means reading everything.
 */
export function mountInvalidate(app: FastifyInstance, deps: InvalidateDeps): void {
  app.post('/invalidate', { schema }, async (request: Asked, reply) => {
    const { source, ...wanted } = request.body
    if (Object.keys(wanted).length !== 1) {
      return reply.code(400).send({ error: 'expected exactly one of dn, id, user and number' })
    }
    const syncs = deps.syncs.filter(({ name }) => source === undefined || name === source)
    if (syncs.length === 0) return reply.code(404).send({ error: `there is no source '${source}'` })
    const asked = await Promise.all(
      questions(wanted, syncs, deps).map(({ sync, what }) => readOne(sync, what, deps)),
    )
    return { runs: asked.filter((run) => run !== null) } satisfies AnswerTo<'POST /api/invalidate'>
  })
}

interface Question {
  readonly sync: Sync
  /** Null: the whole source. */
  readonly what: What | null
}

function questions(wanted: Named, syncs: readonly Sync[], deps: InvalidateDeps): Question[] {
  const { dn, id } = wanted
  if (dn !== undefined) return syncs.map((sync) => ({ sync, what: { dn } }))
  if (id !== undefined && deps.people.record(id) === undefined) {
    return syncs.map((sync) => ({ sync, what: { id: directoryId(id, sync.name) } }))
  }
  // Whoever is in two directories is read again from both.
  const known = persons(wanted, deps).flatMap((person) => [
    person,
    ...deps.people.partnersOf(person.id).map((partner) => partner.person),
  ])
  const named = known.flatMap((person) =>
    syncs
      .filter(({ name }) => name === person.source)
      .map((sync) => ({ sync, what: { id: directoryId(person.id, sync.name) } })),
  )
  return named.length > 0 ? named : syncs.map((sync) => ({ sync, what: null }))
}

function persons({ id, user, number }: Named, deps: InvalidateDeps): readonly Person[] {
  if (id !== undefined) return [deps.people.record(id)].flatMap((found) => found?.person ?? [])
  if (user !== undefined) return deps.people.byUser(user)
  return lookup(number ?? '', false, deps).map(({ person }) => person)
}

function directoryId(id: string, source: string): string {
  return id.startsWith(`${source}/`) ? id.slice(source.length + 1) : id
}

/** The run that came of it; null when the entry says what was known. */
async function readOne(
  sync: Sync,
  what: What | null,
  { signal }: InvalidateDeps,
): Promise<Run | null> {
  if (what === null || !sync.readOne) return sync.run('request')
  const found = await sync.readOne(what, signal).catch(() => null)
  const isSilent = found === null || (found.entries.length === 0 && found.gone.length === 0)
  return isSilent ? sync.run('request') : sync.apply(found)
}

type Asked = FastifyRequest<{ Body: Named }>
