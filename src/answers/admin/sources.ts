import { once } from 'node:events'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { actorOf } from '../auth/actors.ts'
import type { Draft, SourceSettings, Trial } from './source-settings.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface SourcesDeps {
  readonly settings: SourceSettings
}

const name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$' })
const byName = { params: Type.Object({ name }) }
const body = Type.Object(
  {
    settings: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String()], {
        description: 'Options of the source, as an object or as YAML; default: those in force.',
      }),
    ),
    password: Type.Optional(
      Type.String({ description: 'Of `bind.user`; default: the one that there is.', minLength: 1 }),
    ),
  },
  { additionalProperties: false },
)
const withSettings = { ...byName, body }

/** What is tried, by the last part of its path. */
const ways = {
  test: 'connection',
  attributes: 'attributes',
  preview: 'people',
  plan: 'plan',
} as const satisfies Readonly<Record<string, Trial>>

/** `/api/sources`: try settings of a source that need not be in use, and save them. */
export function mountSources(app: FastifyInstance, { settings }: SourcesDeps): void {
  app.get('/sources', async () => {
    return { sources: settings.outlines() } satisfies AnswerTo<'GET /api/sources'>
  })
  app.get('/configuration', async () => {
    return { configuration: settings.file } satisfies AnswerTo<'GET /api/configuration'>
  })

  for (const [way, trial] of Object.entries(ways)) {
    app.post(`/sources/:name/${way}`, { schema: withSettings }, (request: WithSettings, reply) =>
      withDraft(request, reply, async (draft) => {
        const { complaints } = draft.look()
        if (complaints.length > 0) return refuse(reply, 400, complaints)
        draft.try(trial)
        reply.raw.once('close', () => settings.discard(draft))
        await draft.settled()
        const tried = draft.trials[trial]
        return { [trial]: tried?.found ?? null, error: tried?.error ?? null }
      }),
    )
  }

  app.post('/sources/:name/difference', { schema: withSettings }, (request: WithSettings, reply) =>
    withDraft(request, reply, async (draft) => {
      const { complaints, difference } = draft.look()
      if (complaints.length > 0) return refuse(reply, 400, complaints)
      return { difference } satisfies AnswerTo<'POST /api/sources/{name}/difference'>
    }),
  )

  app.put('/sources/:name', { schema: withSettings }, (request: WithSettings, reply) =>
    withDraft(request, reply, (draft) => save(draft, reply)),
  )

  app.delete('/sources/:name', { schema: byName }, async (request: ByName, reply) => {
    const draft = settings.begin(ownerOf(request), request.params.name)
    if (!draft) return unknown(reply, request.params.name)
    draft.remove()
    return save(draft, reply)
  })

  async function save(draft: Draft, reply: FastifyReply) {
    const { complaints, difference } = draft.look()
    if (complaints.length > 0) return refuse(reply, 400, complaints)
    const answered = once(reply.raw, 'close').then(() => undefined)
    const obstacles = await settings.apply(draft, answered)
    if (obstacles.length > 0) return refuse(reply, 409, obstacles)
    const answer: AnswerTo<'PUT /api/sources/{name}'> = { difference }
    return reply.code(202).send(answer)
  }

  async function withDraft(
    request: WithSettings,
    reply: FastifyReply,
    work: (draft: Draft) => Promise<unknown>,
  ): Promise<unknown> {
    const owner = ownerOf(request)
    const { settings: written, password } = request.body ?? {}
    const { name } = request.params
    const draft =
      written === undefined ? settings.begin(owner, name) : settings.beginNew(owner, name)
    if (!draft) return unknown(reply, name)
    try {
      if (typeof written === 'string') draft.write(written)
      else if (written !== undefined) draft.replace(written)
      if (password !== undefined) draft.setPassword(password)
      return await work(draft)
    } finally {
      settings.discard(draft)
    }
  }

  function unknown(reply: FastifyReply, name: string): FastifyReply {
    const names = settings.outlines().map((each) => each.name)
    const error =
      settings.file.obstacle === null || settings.file.obstacle === 'not-writable'
        ? `there is no source '${name}'; known are ${names.join(', ')}`
        : 'the configuration is no file that could be read and changed here'
    return reply.code(404).send({ error })
  }
}

function refuse(reply: FastifyReply, status: number, complaints: readonly Complaint[]) {
  const error = complaints.map(({ path, problem }) => `${path}: ${problem}`).join('; ')
  return reply.code(status).send({ error, complaints })
}

function ownerOf(request: FastifyRequest): string {
  return `api ${actorOf(request)?.id ?? ''}`
}

type ByName = FastifyRequest<{ Params: { name: string } }>
type WithSettings = FastifyRequest<{
  Params: { name: string }
  Body: { settings?: Readonly<Record<string, unknown>> | string; password?: string } | null
}>
