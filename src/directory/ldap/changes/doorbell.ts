import { setTimeout as sleep } from 'node:timers/promises'
import { Control } from 'ldapts'
import { parseFilter } from '../../filter.ts'
import { type Search, searchRequest } from '../search.ts'
import type { Link } from './follower.ts'
import { contextOf } from './server-facts.ts'

/** LDAP_SERVER_NOTIFICATION_OID: MS-ADTS, 3.1.1.3.4.1.9. */
export const notificationOid = '1.2.840.113556.1.4.528'
const anything = parseFilter('(objectClass=*)')

/** In a busy domain it never stops ringing. */
const restShare = 1 / 10

/**
 * The domain controller sends an entry as soon as it is changed, to whom asks to be notified. It may
 * leave some out, and says nothing of what became of them (Samba knows of no deletion), so that it is
 * a doorbell and no more: whoever hears it looks what has changed a little sooner than he would have.
 */
export class Doorbell {
  readonly #link: Link
  #rung = new AbortController()

  /** Of a domain controller that has none, it never rings. */
  constructor(link: Link, base: string) {
    this.#link = link
    if (link.facts.controls.has(notificationOid)) void this.#listen(base).catch(() => {})
  }

  /** Waits so long, or until it rings: or not at all, if it has rung since the last time. */
  async wait(longestMs: number): Promise<void> {
    const { signal } = this.#link
    const restMs = longestMs * restShare
    await sleep(restMs, undefined, { signal })
    const isOver = AbortSignal.any([signal, this.#rung.signal])
    await sleep(longestMs - restMs, undefined, { signal: isOver }).catch(() =>
      signal.throwIfAborted(),
    )
    this.#rung = new AbortController()
  }

  /** The whole naming context where that is allowed, or else what stands just below the base. */
  async #listen(base: string): Promise<void> {
    const context = contextOf(this.#link.facts, base)
    await this.#notified({ base: context, scope: 'sub', filter: anything, attributes: ['1.1'] })
    await this.#notified({ base, scope: 'one', filter: anything, attributes: ['1.1'] })
  }

  /** Resolves when the server refuses. */
  async #notified(search: Search): Promise<void> {
    // Critical: a server without it would take this for an ordinary search, for everybody.
    const control = new Control(notificationOid, { critical: true })
    await this.#link.channel.exchange(searchRequest(search, [control]), {
      silenceMs: null,
      signal: this.#link.signal,
      onReply: ({ kind }) => {
        if (kind === 'entry') this.#rung.abort()
      },
    })
  }
}
