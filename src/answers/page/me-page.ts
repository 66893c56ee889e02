import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Person } from '../../person/person.ts'
import { AriFailed, AriUnreachable } from '../ari/errors.ts'
import { callFor, colleagues, makeSetupLink, renewSecret, selfOf, type MeDeps } from '../me/me.ts'
import { changePin, type PinProblem } from '../me/pin.ts'
import { qrOf } from '../me/qr.ts'
import { visitorOf } from './guard.ts'
import { isPrivate, originFor } from './origin.ts'
import type { PageDeps } from './page-deps.ts'
import type { Views } from './views.ts'
import { languageOf, words, type Words } from './words.ts'

const shown = 20

const search = {
  querystring: Type.Object({
    q: Type.String({ maxLength: 100, default: '' }),
    done: Type.Optional(
      Type.Union([Type.Literal('pin'), Type.Literal('secret'), Type.Literal('call')]),
    ),
  }),
}
const pinBody = {
  body: Type.Object({
    pin: Type.String({ maxLength: 100 }),
    again: Type.String({ maxLength: 100 }),
  }),
}
const callBody = { body: Type.Object({ to: Type.String({ minLength: 1, maxLength: 250 }) }) }

/** What is said at the top of the page. */
interface Note {
  readonly tone: 'good' | 'bad'
  readonly word: keyof Words
}

/** `/me`: everybody's own telephone: numbers, PIN, account, colleagues. */
export function mountMePage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  app.get('/me', { schema: search }, (request: Search, reply) => {
    const { done } = request.query
    return withSelf(request, reply, (person) =>
      show(request, reply, person, done ? doneNotes[done] : null),
    )
  })

  app.post('/me/pin', { schema: pinBody }, (request: PinChange, reply) =>
    withSelf(request, reply, async (person) => {
      const { pin, again } = request.body
      const problem = pin === again ? await changePin(person, pin, deps) : 'differs'
      if (problem === null) return reply.redirect('/me?done=pin', 303)
      return show(request, reply.code(400), person, { tone: 'bad', word: pinWords[problem] })
    }),
  )

  app.post('/me/secret', (request, reply) =>
    withSelf(request, reply, async (person) => {
      if (await renewSecret(person, deps)) return reply.redirect('/me?done=secret', 303)
      return show(request, reply.code(403), person, { tone: 'bad', word: 'notAllowed' })
    }),
  )

  app.post('/me/telephone', (request, reply) =>
    withSelf(request, reply, async (person) => {
      const link = await makeSetupLink(person, deps)
      if (!link)
        return show(request, reply.code(404), person, { tone: 'bad', word: 'meNoExtension' })
      const origin = originFor(request, deps.visitors)
      const url = `${origin}/setup/${link.token}`
      return views.send(request, reply, visitorOf(request), 'telephone', {
        title: 'meSetUp',
        active: 'me',
        url,
        path: `/setup/${link.token}`,
        expiresAt: link.expiresAt,
        qr: qrOf(url),
        isPrivate: isPrivate(origin),
      })
    }),
  )

  app.post('/me/call', { schema: callBody }, (request: Call, reply) =>
    withSelf(request, reply, async (person) => {
      const problem = await tryCall(person, request.body.to, deps)
      if (problem === null) return reply.redirect('/me?done=call', 303)
      return show(request, reply.code(409), person, { tone: 'bad', word: problem })
    }),
  )

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    person: Person,
    note: Note | null,
  ) {
    const { q = '' } = request.query as { q?: string } // GET has checked it, and the others have none
    const language = languageOf(request)
    const self = selfOf(person, deps)
    return views.send(request, reply, visitorOf(request), 'me', {
      title: 'me',
      active: 'me',
      person,
      self,
      note: note && { tone: note.tone, text: words[language][note.word] },
      q,
      found: await colleagues(q, shown, deps),
      fewestPinDigits: deps.me.fewestPinDigits,
    })
  }

  function withSelf(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: (person: Person) => Promise<FastifyReply>,
  ): Promise<FastifyReply> | FastifyReply {
    const visitor = visitorOf(request)
    if (visitor.subject.kind === 'person') return answer(visitor.subject.person)
    const text = words[languageOf(request)].meForStaff
    return views.send(request, reply.code(404), visitor, 'message', { title: 'me', text })
  }
}

/** Null: his telephone rings. */
async function tryCall(person: Person, to: string, deps: MeDeps): Promise<keyof Words | null> {
  try {
    const called = await callFor(person, to, deps)
    return 'problem' in called ? callWords[called.problem] : null
  } catch (error) {
    if (error instanceof AriUnreachable) return 'meAway'
    if (error instanceof AriFailed) return 'meCallFailed'
    throw error
  }
}

const doneNotes = {
  pin: { tone: 'good', word: 'mePinChanged' },
  secret: { tone: 'good', word: 'meRenewed' },
  call: { tone: 'good', word: 'meCalling' },
} as const satisfies Readonly<Record<string, Note>>

const callWords = { nobody: 'meNoPhone', 'no number': 'meNoNumber', away: 'meAway' } as const

const pinWords = {
  differs: 'mePinDiffers',
  digits: 'mePinDigits',
  short: 'mePinShort',
  long: 'mePinLong',
  easy: 'mePinEasy',
  extension: 'mePinExtension',
  usual: 'mePinUsual',
  directory: 'mePinDirectory',
} as const satisfies Readonly<Record<PinProblem | 'differs', keyof Words>>

type Search = FastifyRequest<{ Querystring: { q: string; done?: keyof typeof doneNotes } }>
type PinChange = FastifyRequest<{ Body: { pin: string; again: string } }>
type Call = FastifyRequest<{ Body: { to: string } }>
