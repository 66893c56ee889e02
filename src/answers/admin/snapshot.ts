import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Member } from '../../people/member.ts'
import type { People } from '../../people/people.ts'
import type { SourceClock } from '../../sync/source-clock.ts'
import type { Sync } from '../../sync/sync.ts'

/** One line of the snapshot. */
export type SnapshotLine =
  { readonly source: string; readonly clock: SourceClock } | { readonly member: Member }

/**
 * `GET /api/snapshot`: everybody as he is known now, one JSON text a line, without any secret. What
 * a dry run is held against.
 */
export function mountSnapshot(
  app: FastifyInstance,
  deps: { readonly people: People; readonly syncs: readonly Sync[] },
): void {
  app.get('/snapshot', (_request, reply) =>
    reply
      .type('application/x-ndjson')
      .header('cache-control', 'no-store')
      .send(Readable.from(lines(deps), { objectMode: false })),
  )
}

async function* lines({
  people,
  syncs,
}: {
  readonly people: People
  readonly syncs: readonly Sync[]
}): AsyncGenerator<string> {
  const line = (about: SnapshotLine) => `${JSON.stringify(about)}\n`
  yield syncs
    .map(({ name, clock: { readAt, clock, reads } }) =>
      line({ source: name, clock: { readAt, clock, reads } }),
    )
    .join('')
  let text = ''
  let count = 0
  // Taken at once: the answer is of one moment, whatever changes while it is sent.
  const everybody = Array.from(people.records())
  for (const member of everybody) {
    text += line({ member })
    if (++count % 200 !== 0) continue
    yield text
    text = ''
    await setImmediate() // calls get in between
  }
  yield text
}
