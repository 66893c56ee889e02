import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PageDeps } from './page-deps.ts'

const lookMs = 2000
/** Without news: the ages that a page shows go on. */
const quietMs = 20_000

/**
 * `/events` as server-sent events: `changed` when there is something else to see on the overview or
 * among the runs. Says nothing of what it is; the page asks for it again.
 */
export function mountEvents(app: FastifyInstance, deps: PageDeps): void {
  app.get('/events', (request, reply) =>
    reply
      .type('text/event-stream')
      .header('x-accel-buffering', 'no') // nginx would keep the news to itself
      .send(Readable.from(news(request, deps), { objectMode: false })),
  )
}

async function* news(request: FastifyRequest, deps: PageDeps): AsyncGenerator<string> {
  const left = new AbortController()
  void once(request.raw.socket, 'close').then(() => left.abort())
  const signal = AbortSignal.any([deps.signal, left.signal])
  let seen = printOf(deps)
  let toldAt = performance.now()
  yield 'retry: 3000\n\n'
  // Whoever signs out, or is not let in any more, hears nothing from then on.
  while (deps.visitors.of(request)) {
    try {
      await sleep(lookMs, undefined, { signal })
    } catch {
      return
    }
    const print = printOf(deps)
    const now = performance.now()
    if (print === seen && now - toldAt < quietMs) continue
    seen = print
    toldAt = now
    yield 'event: changed\ndata: \n\n'
  }
}

function printOf({ syncs, people, pbx }: PageDeps): string {
  const sources = syncs.map(({ isRunning, lastRun, heldPlan }) => [
    isRunning,
    lastRun?.id,
    heldPlan,
  ])
  const asterisks = pbx.status().map(({ connected, problem }) => [connected, problem])
  return JSON.stringify([sources, people.size, asterisks])
}
