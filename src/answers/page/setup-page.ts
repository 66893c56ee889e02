import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Person } from '../../person/person.ts'
import { Attempts } from '../auth/attempts.ts'
import { isFromElsewhere } from '../auth/visitors.ts'
import { ownerOf, takeAccount } from '../me/me.ts'
import { qrOf } from '../me/qr.ts'
import type { SipAccount } from '../me/sip-account.ts'
import { linphoneXml, waveXml } from '../me/softphones.ts'
import { xmlType } from '../phonebook/vendor.ts'
import { isPrivate, originFor } from './origin.ts'
import type { PageDeps } from './page-deps.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const schema = { params: Type.Object({ token: Type.String({ maxLength: 100 }) }) }

/** Wrong links from one address in a quarter of an hour; with 2^128 of them it is for the noise. */
const limits = { perAccount: 30, perAddress: 30, windowMs: 900_000 }

/**
 * `/setup/{token}`: a telephone gets its account here, once, signed in by nothing but the link. An
 * app that asks for it is set up at once; anybody else has to press a button first, so that no preview
 * of a link and no look at it uses it up.
 */
export function mountSetupPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const attempts = new Attempts(limits, deps.now)

  app.get('/setup/:token', { schema }, (request: ByToken, reply) =>
    withOwner(request, reply, async (owner) => {
      if (request.method === 'HEAD') return reply.send('')
      if (!isApp(request)) {
        return views.send(request, reply, null, 'setup', {
          title: 'meAccount',
          token: request.params.token,
          isPrivate: isPrivate(originFor(request, deps.visitors)),
        })
      }
      const account = await take(request, owner)
      return account ? reply.type(xmlType).send(linphoneXml(account)) : over(request, reply)
    }),
  )

  app.post('/setup/:token', { schema }, (request: ByToken, reply) =>
    withOwner(request, reply, async (owner) => {
      if (isFromElsewhere(request)) return refuse(request, reply.code(403), 'forged')
      const account = await take(request, owner)
      if (!account) return over(request, reply)
      return views.send(request, reply, deps.visitors.of(request) ?? null, 'account', {
        title: 'meAccount',
        account,
        wave: qrOf(waveXml(account)),
      })
    }),
  )

  async function withOwner(
    request: ByToken,
    reply: FastifyReply,
    answer: (owner: Person) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    const { token } = request.params
    const begun = attempts.begin(`link ${token}`, deps.addressOf(request))
    if (begun.kind === 'address') {
      reply.header('retry-after', begun.retryAfterSeconds)
      return refuse(request, reply.code(429), 'refusedTooMany')
    }
    const owner = await ownerOf(token, deps)
    if (!owner) return over(request, reply)
    if (begun.kind === 'go') begun.attempt.succeeded()
    const visitor = deps.visitors.of(request)
    // Whoever is signed in sets up his own telephone: else one could slip his account to another.
    if (visitor && visitor.subject.id !== `person/${owner.id}`) {
      return refuse(request, reply.code(403), 'meLinkOther')
    }
    return answer(owner)
  }

  async function take(request: ByToken, owner: Person): Promise<SipAccount | undefined> {
    const account = await takeAccount(request.params.token, deps)
    if (!account) return undefined
    const actor = `person/${owner.id}`
    const address = deps.addressOf(request)
    const what = { action: `${request.method} /setup/:token`, target: '', outcome: 'done' }
    await deps.audit.add({ at: deps.now(), kind: 'change', actor, address, ...what })
    return account
  }

  function over(request: ByToken, reply: FastifyReply): FastifyReply {
    return refuse(request, reply.code(404), 'meLinkOver')
  }

  function refuse(
    request: ByToken,
    reply: FastifyReply,
    word: 'meLinkOver' | 'meLinkOther' | 'forged' | 'refusedTooMany',
  ): FastifyReply {
    if (isApp(request)) return reply.type('text/plain; charset=utf-8').send('')
    const text = words[languageOf(request)][word]
    return views.send(request, reply, null, 'message', { title: 'meAccount', text })
  }
}

/**
 * Linphone says nothing of what it accepts (5.1). Whoever does may be a browser, or fetches previews
 * of links that somebody sent.
 */
function isApp({ headers }: FastifyRequest): boolean {
  const { accept } = headers
  return accept === undefined || accept === 'application/xml'
}

type ByToken = FastifyRequest<{ Params: { token: string } }>
