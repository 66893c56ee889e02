import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Roster } from './roster.ts'
import type { SignIns } from './signed-in.ts'
import type { Views } from './views.ts'

const schema = { body: Type.Object({ token: Type.String({ maxLength: 1000 }) }) }

/** `/login` and `/logout`. */
export function mountDoor(
  app: FastifyInstance,
  signIns: SignIns,
  roster: Roster,
  views: Views,
): void {
  app.get('/login', (request, reply) => {
    if (signIns.of(request)) return reply.redirect('/', 303)
    return views.send(request, reply, null, 'sign-in', { title: 'signIn', isRefused: false })
  })

  app.post('/login', { schema }, async (request: SignInRequest, reply) => {
    const visitor = await signIns.begin(request, reply, request.body.token.trim())
    if (visitor) {
      roster.warm()
      return reply.redirect('/', 303)
    }
    return views.send(request, reply.code(401), null, 'sign-in', {
      title: 'signIn',
      isRefused: true,
    })
  })

  app.post(
    '/logout',
    async (request: FastifyRequest<{ Body: { csrf?: string } | null }>, reply) => {
      const visitor = signIns.of(request)
      if (visitor?.csrf === request.body?.csrf) await signIns.end(request, reply)
      return reply.redirect('/login', 303)
    },
  )
}

type SignInRequest = FastifyRequest<{ Body: { token: string } }>
