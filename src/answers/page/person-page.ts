import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { lifecycleOf } from '../../people/standing.ts'
import { decisions, type Decision } from '../../sync/decision.ts'
import { historyOf } from '../admin/history.ts'
import { lookup } from '../admin/lookup.ts'
import { visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import { detailRows, numberRows } from './person-view.ts'
import { isAtLeast } from '../auth/subject.ts'
import type { Views } from './views.ts'
import { wordingOf } from './wording.ts'
import { languageOf, words } from './words.ts'

const id = Type.String({ minLength: 1, maxLength: 500 })
const actions = [...decisions, 'reset-pin', 'reset-secret', 'check'] as const
type Action = (typeof actions)[number]

const byId = { params: Type.Object({ id }) }
const byAction = {
  params: Type.Object({ id, action: Type.Union(actions.map((name) => Type.Literal(name))) }),
}

/** What an action leaves to be shown; without a value the directory was asked for it. */
interface Result {
  readonly label: string
  readonly value: string | null
}

/** `/people/{id}`: one person, where everything comes from, and what can be done about him. */
export function mountPersonPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { people, syncs, secrets } = deps

  async function show(request: ById, reply: FastifyReply, shown: Result | null) {
    const member = people.member(request.params.id)
    const visitor = visitorOf(request)
    const language = languageOf(request)
    const w = words[language]
    const f = wordingOf(language, w, deps.now())
    if (!member) {
      const about = { title: 'notFound', text: w.notFound } as const
      return views.send(request, reply.code(404), visitor, 'message', about)
    }
    const { person, standing } = member
    const found = lookup(person.id, false, deps).find((each) => each.person === person)
    const isDisabled = person.disabled !== null
    const isManaged = standing?.managed !== false
    return views.send(request, reply, visitor, 'person', {
      title: { text: person.name },
      active: 'people',
      person,
      state: lifecycleOf(person, standing),
      missingSince: standing?.missing?.since ?? null,
      shown,
      numbers: numberRows(person, people, w, f),
      details: detailRows(person, found?.joined ?? [], w, f),
      phones: found?.phones ?? [],
      rules: deps.rulesOf(person.source),
      history: await historyOf(person.id, deps.runs),
      actions: [
        isDisabled
          ? { path: 'enable', label: w.enable, tone: 'main' }
          : { path: 'disable', label: w.disable, tone: 'danger' },
        isManaged
          ? { path: 'unmanage', label: w.unmanage, tone: '' }
          : { path: 'manage', label: w.manage, tone: '' },
        { path: 'reset-pin', label: w.resetPin, tone: '' },
        { path: 'reset-secret', label: w.resetSecret, tone: '' },
        { path: 'check', label: w.checkNow, tone: '' },
      ],
    })
  }

  async function act(person: string, action: Action, request: FastifyRequest) {
    const source = people.get(person)?.source
    const sync = syncs.find(({ name }) => name === source)
    const w = words[languageOf(request)]
    if (!sync) return null
    if (action === 'check') {
      await sync.run('request')
      return null
    }
    if (action !== 'reset-pin' && action !== 'reset-secret') {
      await sync.decide(person, action satisfies Decision)
      return null
    }
    const isPin = action === 'reset-pin'
    const origin = await sync.resetSecret(person, isPin ? 'pin' : 'sip')
    if (origin === null) return null
    const value = isPin ? secrets.pin(person) : secrets.sip(person)
    const isNew = origin === 'new'
    return { label: isPin ? w.resetPin : w.resetSecret, value: isNew ? (value ?? null) : null }
  }

  app.get('/people/:id', { schema: byId }, (request: ById, reply) => show(request, reply, null))

  app.post('/people/:id/:action', { schema: byAction }, async (request: ByAction, reply) => {
    const { id, action } = request.params
    const visitor = visitorOf(request)
    if (!isAtLeast(visitor.subject.role, 'helpDesk')) {
      const text = words[languageOf(request)].notAllowed
      return views.send(request, reply.code(403), visitor, 'message', { title: 'notAllowed', text })
    }
    const result = await act(id, action, request)
    // What is shown once must not be asked for again by reloading another address.
    if (result) return show(request, reply, result)
    return reply.redirect(`/people/${encodeURIComponent(id)}`, 303)
  })
}

type ById = FastifyRequest<{ Params: { id: string } }>
type ByAction = FastifyRequest<{ Params: { id: string; action: Action } }>
