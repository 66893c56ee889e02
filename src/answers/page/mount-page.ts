import type { FastifyInstance } from 'fastify'
import { mountAccessPage } from './access-page.ts'
import { mountAssets } from './assets.ts'
import { mountDoor } from './door.ts'
import { mountEvents } from './events.ts'
import { keepTrail } from '../auth/actors.ts'
import { isAtLeast, type Subject } from '../auth/subject.ts'
import { warmColleagues } from '../me/me.ts'
import { administratorsOnly, guard, secure } from './guard.ts'
import { mountMePage } from './me-page.ts'
import { mountNumbersPage } from './numbers-page.ts'
import { mountOverview } from './overview-page.ts'
import type { PageDeps } from './page-deps.ts'
import { mountPeoplePage } from './people-page.ts'
import { mountPersonPage } from './person-page.ts'
import { mountPlansPage } from './plans-page.ts'
import { mountPhonesPage } from './phones-page.ts'
import { explainErrors, explainLost } from './refusals.ts'
import { mountRunsPage } from './runs-page.ts'
import { mountSetupPage } from './setup-page.ts'
import { mountSourcesPage } from './sources-page.ts'
import { Views } from './views.ts'

/**
 * The administrator's page: the same people, runs and plans as the API has, for a browser; and the
 * page on which everybody sees to his own telephone. Rendered here, complete without scripts; with
 * them it stays up to date by itself.
 */
export function mountPage(app: FastifyInstance, deps: PageDeps): void {
  let views: Views
  explainLost(app, deps, () => views)
  app.register(async (page) => {
    page.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    secure(page)
    views = new Views(mountAssets(page), deps.now)
    explainErrors(page, deps, views)
    const { roster, ledger } = deps
    const warm = ({ role }: Subject) => {
      warmColleagues(deps)
      if (!isAtLeast(role, 'reader')) return
      roster.warm()
      ledger.warm()
    }
    mountDoor(page, deps, warm, views)
    mountSetupPage(page, deps, views)
    page.register(async (own) => {
      guard(own, deps.visitors, views)
      own.addHook('onResponse', keepTrail(deps, deps.addressOf))
      mountMePage(own, deps, views)
    })
    page.register(async (inside) => {
      guard(inside, deps.visitors, views)
      administratorsOnly(inside)
      inside.addHook('onResponse', keepTrail(deps, deps.addressOf))
      mountOverview(inside, deps, views)
      mountPeoplePage(inside, roster, views)
      mountPersonPage(inside, deps, views)
      mountRunsPage(inside, deps, views)
      mountPlansPage(inside, deps, views)
      mountNumbersPage(inside, ledger, views)
      mountPhonesPage(inside, deps, views)
      mountSourcesPage(inside, deps, views)
      mountAccessPage(inside, deps, views)
      mountEvents(inside, deps)
    })
  })
}
