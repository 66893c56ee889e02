import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { Ari } from '../ari/ari.ts'
import type { Pbx } from '../../pbx/pbx.ts'
import type { People } from '../../people/people.ts'
import type { Probes, SeenProbe } from '../../pbx/probes.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface AsteriskDeps {
  readonly pbx: Pick<Pbx, 'status'>
  readonly ari: Pick<Ari, 'status'>
  readonly probes: Pick<Probes, 'find'>
  readonly people: People
}

/** What `GET /asterisk/probes/…` answers. */
export interface FoundProbes {
  readonly seen: readonly SeenProbe[]
}

/** What `GET /asterisk/someone` answers. */
export interface Someone {
  /** Of a person whom Asterisk is told about; null: there is nobody. */
  readonly extension: string | null
  /** How many have an extension. */
  readonly people: number
}

const probeName = Type.Object({ probe: Type.String({ maxLength: 64 }) })

/**
 * `GET /asterisk`: whether each Asterisk is told of changes, and its calls answered
 * by ARI; if not, why.
 * `GET /asterisk/probes/NAME`: whether an Asterisk that was made to ask for NAME has asked here.
 * `GET /asterisk/someone`: an extension to try it with, and how many there are.
 */
export function mountAsterisk(
  app: FastifyInstance,
  { pbx, ari, probes, people }: AsteriskDeps,
): void {
  app.get('/asterisk', async () => {
    return { asterisk: pbx.status(), ari: ari.status() } satisfies AnswerTo<'GET /api/asterisk'>
  })
  app.get<{ Params: Static<typeof probeName> }>(
    '/asterisk/probes/:probe',
    { schema: { params: probeName } },
    async ({ params }): Promise<FoundProbes> => ({ seen: probes.find(params.probe) }),
  )
  app.get('/asterisk/someone', async (): Promise<Someone> => findSomeone(people))
}

function findSomeone(people: AsteriskDeps['people']): Someone {
  let first: string | null = null
  let count = 0
  for (const { person } of people.members()) {
    const { extension } = person
    if (extension === null || people.byExtension(extension)?.id !== person.id) continue
    first ??= extension
    count++
  }
  return { extension: first, people: count }
}
