import type { FastifyInstance } from 'fastify'
import { visitorOf } from './guard.ts'
import type { NumberLedger } from '../admin/number-ledger.ts'
import type { Views } from './views.ts'

/** `/numbers`: what is taken and free, contested, not understood, and what rings nobody. */
export function mountNumbersPage(app: FastifyInstance, ledger: NumberLedger, views: Views): void {
  app.get('/numbers', async (request, reply) =>
    views.send(request, reply, visitorOf(request), 'numbers', {
      title: 'numbers',
      active: 'numbers',
      ...(await ledger.report()),
    }),
  )
}
