import type { AsteriskOptions } from '../../pbx/options.ts'
import { AriAsterisk, type AriDeps, type AriStatus } from './asterisk.ts'
import type { AriClient } from './client.ts'

/** The Asterisks whose calls ask by ARI. */
export interface Ari extends AsyncDisposable {
  status(): readonly AriStatus[]
  /** The connection to the named one, or to the first that there is; undefined: there is none. */
  client(name?: string): { readonly asterisk: string; readonly client: AriClient } | undefined
  /** Resolves when every one is connected. */
  settled(): Promise<void>
}

/**
 * A call that the dialplan hands over with Stasis() is told who is calling and whom to ring, as by
 * FastAGI, and goes on in the dialplan. Comes in: events of each Asterisk that has an `ari` section.
 * Goes out: channel variables, and always the order to go on. It never keeps a call, and never ends
 * one.
 */
export function openAri(options: readonly AsteriskOptions[], deps: AriDeps): Ari {
  const stopping = new AbortController()
  const asterisks = options.flatMap(({ name, ari }, index) =>
    ari === undefined ? [] : [new AriAsterisk(name, ari, `asterisk[${index}].ari`, deps)],
  )
  const running = asterisks.map((asterisk) => asterisk.keepConnected(stopping.signal))
  return {
    status: () => asterisks.map(({ status }) => status),
    client(wanted) {
      for (const { name, client } of asterisks) {
        if (client && (wanted === undefined || name === wanted)) return { asterisk: name, client }
      }
      return undefined
    },
    async settled() {
      await Promise.all(asterisks.map((asterisk) => asterisk.settled()))
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}
