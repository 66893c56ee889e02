import type { FastifyInstance } from 'fastify'
import type { People } from '../../people/people.ts'
import type { Sync } from '../../sync/sync.ts'
import type { Sent } from './schemas/component.ts'
import type { readiness } from './schemas/health.ts'

export interface HealthDeps {
  readonly people: People
  readonly syncs: readonly Sync[]
  readonly now: () => number
  /** Of several nodes this one; null: there is one. */
  readonly node: { readonly health: NodeHealth } | null
}

export interface NodeHealth {
  readonly synchronises: boolean
  /** Whether the state could be read and written a moment ago. */
  readonly hasState: boolean
  /** Registrations of phones that wait for the state to be there again. */
  readonly undelivered: number
}

export interface Health {
  /** `ok`; `stale`: answering from old people, the last run failed; `empty`: never had any. */
  readonly status: 'ok' | 'stale' | 'empty'
  readonly people: number
  readonly sources: readonly SourceHealth[]
  /** Of several nodes this one; not there when there is one only. */
  readonly node?: NodeHealth
}

export interface SourceHealth {
  readonly name: string
  readonly status: Health['status']
  /** When the directory was last read completely (ISO 8601); null: never. */
  readonly readAt: string | null
  readonly ageSeconds: number | null
  /** A plan of this source waits for a decision; null: none. */
  readonly heldPlan: number | null
}

/** Open to everybody, so it names no server and no error. 503 only when there is nobody to answer from. */
export function mountHealth(app: FastifyInstance, deps: HealthDeps): void {
  app.get('/healthz', (_request, reply) => {
    const health = readHealth(deps)
    return reply
      .code(health.status === 'empty' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(health)
  })
  app.get('/readyz', (_request, reply) => {
    const isReady = readReady(deps)
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready: isReady } satisfies Sent<typeof readiness>)
  })
}

/** Somebody can be answered, and no source waits for its very first try. */
function readReady({ people, syncs }: HealthDeps): boolean {
  return (
    people.size > 0 && syncs.every(({ readAt, lastRun }) => readAt !== null || lastRun !== null)
  )
}

export function readHealth({ people, syncs, now, node }: HealthDeps): Health {
  const sources = syncs.map(({ name, readAt, lastRun, heldPlan }): SourceHealth => {
    const fresh = lastRun?.outcome === 'done' ? 'ok' : 'stale'
    return {
      name,
      status: readAt === null ? 'empty' : fresh,
      readAt: readAt === null ? null : new Date(readAt).toISOString(),
      ageSeconds: readAt === null ? null : Math.round((now() - readAt) / 1000),
      heldPlan,
    }
  })
  const statuses = sources.map(({ status }) => status)
  const worst = statuses.every((each) => each === 'ok') ? 'ok' : 'stale'
  return {
    status: statuses.every((each) => each === 'empty') ? 'empty' : worst,
    people: people.size,
    sources,
    ...(node ? { node: node.health } : {}),
  }
}
