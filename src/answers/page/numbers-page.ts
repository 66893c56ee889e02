import type { FastifyInstance } from 'fastify'
import { visitorOf } from './guard.ts'
import { extensionUse, unownedDids, unreadableNumbers } from '../admin/number-use.ts'
import type { PageDeps } from './page-deps.ts'
import type { Views } from './views.ts'

const shown = 200

/** `/numbers`: what is taken and free, contested, not understood, and what rings nobody. */
export function mountNumbersPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { people, site } = deps
  app.get('/numbers', async (request, reply) => {
    const conflicts = Array.from(people.conflicts())
    return views.send(request, reply, visitorOf(request), 'numbers', {
      title: 'numbers',
      active: 'numbers',
      use: await extensionUse(people),
      conflictCount: conflicts.length,
      conflicts: conflicts.slice(0, shown),
      unreadable: await unreadableNumbers(people, shown),
      unowned: unownedDids(people, site),
    })
  })
}
