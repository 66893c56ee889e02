import { once } from 'node:events'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import type { Draft, DraftFields, Trial } from '../admin/source-settings.ts'
import { visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const trials = ['connection', 'attributes', 'people', 'plan'] as const satisfies readonly Trial[]
const actions = [...trials, 'keep', 'apply', 'discard'] as const
type Action = (typeof actions)[number]
const changesShown = 100

const at = {
  name: Type.String({ maxLength: 32 }),
  id: Type.String({ maxLength: 64 }),
}
const querystring = Type.Object({
  as: Type.Union([Type.Literal('form'), Type.Literal('text')], { default: 'form' }),
})
const shown = { params: Type.Object(at), querystring }
const acted = {
  params: Type.Object({ ...at, action: Type.Union(actions.map((each) => Type.Literal(each))) }),
  querystring,
}

/** `/sources/{name}/drafts/{id}`: settings that need not be in use, what they lead to, and their end. */
export function mountSourceDrafts(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { settings } = deps

  function show(request: Shown, reply: FastifyReply, draft: Draft, refused: readonly Complaint[]) {
    const view = draft.look()
    const { plan } = draft.trials
    const data = {
      title: { text: draft.name },
      active: 'sources',
      as: request.query.as,
      path: `/sources/${draft.name}/drafts/${draft.id}`,
      file: settings.file,
      draft,
      fields: draft.fields,
      presets: settings.presets,
      mapped: settings.mapped,
      filters: settings.filters,
      ...view,
      complaints: refused.length > 0 ? refused : view.complaints,
      trials: newestFirst(draft),
      isRunning: trials.some((what) => draft.trials[what]?.isRunning),
      counts: Object.entries(Object.groupBy(plan?.found?.plan.items ?? [], ({ kind }) => kind)),
      changes: plan?.found?.plan.items.slice(0, changesShown) ?? [],
    } as const
    return views.send(request, reply, visitorOf(request), 'source-draft', data)
  }

  app.get('/sources/:name/drafts/:id', { schema: shown }, (request: Shown, reply) => {
    const draft = draftOf(request)
    return draft ? show(request, reply, draft, []) : gone(request, reply)
  })

  app.post(
    '/sources/:name/drafts/:id/:action',
    { schema: acted },
    async (request: Acted, reply) => {
      const draft = draftOf(request)
      if (!draft) return gone(request, reply)
      const { action } = request.params
      const way = `/sources/${draft.name}/drafts/${draft.id}?as=${request.query.as}`
      if (action === 'discard') {
        settings.discard(draft)
        return reply.redirect('/sources', 303)
      }
      take(draft, request.body)
      if (action === 'apply') {
        const answered = once(reply.raw, 'close').then(() => undefined)
        const complaints = await settings.apply(draft, answered)
        if (complaints.length > 0) return show(request, reply.code(409), draft, complaints)
        return reply.redirect('/sources', 303)
      }
      if (action !== 'keep') draft.try(action)
      return reply.redirect(`${way}#tried`, 303)
    },
  )

  function draftOf(request: Shown): Draft | undefined {
    const { name, id } = request.params
    const draft = settings.draft(visitorOf(request).subject.id, id)
    return draft?.name === name ? draft : undefined
  }

  function gone(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const text = words[languageOf(request)].draftGone
    const about = { title: 'notFound', text } as const
    return views.send(request, reply.code(404), visitorOf(request), 'message', about)
  }
}

function newestFirst({ trials: tried }: Draft) {
  const done = trials.flatMap((what) => {
    const run = tried[what]
    return run ? [{ what, tried: run }] : []
  })
  return done.sort((a, b) => b.tried.startedAt - a.tried.startedAt)
}

type Form = Readonly<Record<string, string>>

/** What is not in the form, as on the page that removes a source, stays as it is. */
function take(draft: Draft, form: Form): void {
  if (form['text'] !== undefined) draft.write(form['text'])
  else if (form['preset'] !== undefined) draft.fillIn(fieldsIn(form))
  if (form['password']) draft.setPassword(form['password'])
}

const plainFields = [
  'preset',
  'servers',
  'domain',
  'ldif',
  'base',
  'filter',
  'bindUser',
  'tls',
  'caFile',
  'schedule',
] as const satisfies readonly (keyof DraftFields)[]

function fieldsIn(form: Form): Partial<DraftFields> {
  const texts = plainFields.flatMap((name) => {
    const text = form[name]
    return text === undefined ? [] : [[name, text] as const]
  })
  const map = Object.entries(form).flatMap(([key, text]) => {
    return key.startsWith('map.') ? [[key.slice(4), text] as const] : []
  })
  return { ...Object.fromEntries(texts), map: Object.fromEntries(map) }
}

type Shown = FastifyRequest<{
  Params: { name: string; id: string }
  Querystring: { as: 'form' | 'text' }
}>
type Acted = FastifyRequest<{
  Params: { name: string; id: string; action: Action }
  Querystring: { as: 'form' | 'text' }
  Body: Form
}>
