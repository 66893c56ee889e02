import { ProtocolBroken } from '../../../ldap-wire/frames.ts'
import type { WireEntry } from '../wire-entry.ts'
import type { Reply, Result } from '../reply.ts'
import { inWords } from '../result-codes.ts'
import { type Search, SearchRefused, searchRequest } from '../search.ts'
import { type Link, MethodRefused, PositionLost } from './follower.ts'
import { contextOf, readEntry, textsOf } from './server-facts.ts'
import {
  SyncRequestControl,
  decodeSyncDone,
  decodeSyncInfo,
  decodeSyncState,
  syncInfoOid,
} from './sync-messages.ts'

export type SyncEvent =
  | { readonly kind: 'entry'; readonly raw: WireEntry; readonly uuid: Buffer }
  | { readonly kind: 'gone'; readonly uuid: Buffer }
  /** What came tells who is still there, or nothing for sure: who is gone needs a full read. */
  | { readonly kind: 'read-again' }

/** RFC 4533, 2.6: e-syncRefreshRequired. */
const refreshRequired = 4096

/** One synchronised search (RFC 4533). The cookie says how far it came, over all connections. */
export class SyncStream {
  readonly #search: Search
  readonly #silenceMs: number
  #cookie: Buffer | null = null
  /** Whether the cookie was noted on this very connection, so that it cannot be an old one. */
  #isNew = false

  constructor(search: Search, silenceMs: number) {
    this.#search = search
    this.#silenceMs = silenceMs
  }

  /** True when a new position was noted; false when there is one to continue from. */
  async ensurePosition(link: Link): Promise<boolean> {
    this.#isNew = this.#cookie === null
    this.#cookie ??= (await this.#contextCookie(link)) ?? (await this.#refreshCookie(link))
    return this.#isNew
  }

  forgetPosition(): void {
    this.#cookie = null
  }

  /** Everything after the position. Never resolves; rejects with the reason of its end. */
  async listen(link: Link, onEvent: (event: SyncEvent) => void): Promise<never> {
    let isRefreshed = false
    const onReply = (reply: Exclude<Reply, { kind: 'result' }>) => {
      if (reply.kind === 'entry') this.#onEntry(reply, onEvent)
      else if (reply.kind === 'intermediate' && reply.name === syncInfoOid) {
        this.#onInfo(reply.value, onEvent)
      } else return
      isRefreshed = true
    }
    const control = new SyncRequestControl('refreshAndPersist', this.#cookie)
    const result = await link.channel.exchange(searchRequest(this.#search, [control]), {
      silenceMs: null,
      signal: link.signal,
      onReply,
    })
    throw this.#ended(result, isRefreshed)
  }

  #onEntry(reply: Reply & { kind: 'entry' }, onEvent: (event: SyncEvent) => void): void {
    const sync = decodeSyncState(reply.controls)
    if (!sync) throw new ProtocolBroken(`"${reply.entry.dn}" came without its state`)
    if (sync.state === 'delete') onEvent({ kind: 'gone', uuid: sync.uuid })
    else if (sync.state === 'present') onEvent({ kind: 'read-again' })
    else onEvent({ kind: 'entry', raw: reply.entry, uuid: sync.uuid })
    this.#keep(sync.cookie, onEvent)
  }

  #onInfo(value: Buffer, onEvent: (event: SyncEvent) => void): void {
    const info = decodeSyncInfo(value)
    // After a present phase, everybody who was not mentioned is gone: the very opposite of a set
    // of deleted ids.
    if (info.kind === 'refresh-present') onEvent({ kind: 'read-again' })
    if (info.kind === 'id-set') {
      if (info.refreshDeletes) for (const uuid of info.uuids) onEvent({ kind: 'gone', uuid })
      else onEvent({ kind: 'read-again' })
    }
    this.#keep(info.cookie, onEvent)
  }

  #keep(cookie: Buffer | null, onEvent: (event: SyncEvent) => void): void {
    if (cookie === null) return
    if (cookie.length > 0) {
      this.#cookie = Buffer.from(cookie)
      return
    }
    // OpenLDAP's answer to a cookie that it does not understand: it sent everybody.
    this.#cookie = null
    onEvent({ kind: 'read-again' })
  }

  #ended(result: Result, isRefreshed: boolean): Error {
    const error = new SearchRefused(this.#search, result)
    if (result.code === 0 || isRefreshed) {
      const { cookie } = decodeSyncDone(result.controls)
      if (cookie?.length) this.#cookie = Buffer.from(cookie)
    }
    if (result.code === refreshRequired) return new PositionLost(error.message)
    // A connection that ends, or a server that does: neither says anything of the cookie.
    if ([0, 51, 52, 80].includes(result.code) || (isRefreshed && result.code !== 53)) return error
    return this.#isNew ? new MethodRefused(error.message) : new PositionLost(error.message)
  }

  /** OpenLDAP keeps the position of a database in its first entry. */
  async #contextCookie(link: Link): Promise<Buffer | null> {
    const context = contextOf(link.facts, this.#search.base)
    const options = { silenceMs: this.#silenceMs, signal: link.signal }
    try {
      const csns = textsOf(
        await readEntry(link.channel, context, ['contextCSN'], options),
        'contextCSN',
      )
      return csns.length === 0 ? null : Buffer.from(`rid=000,csn=${csns.join(';')}`)
    } catch (error) {
      if (error instanceof SearchRefused) return null
      throw error
    }
  }

  /** Everybody once, without any attribute: at its end the server says where it stands. */
  async #refreshCookie(link: Link): Promise<Buffer> {
    const search = { ...this.#search, attributes: ['1.1'] }
    const control = new SyncRequestControl('refreshOnly', null)
    const result = await link.channel.exchange(searchRequest(search, [control]), {
      silenceMs: this.#silenceMs,
      signal: link.signal,
    })
    if (result.code !== 0) throw new MethodRefused(inWords(result))
    const { cookie } = decodeSyncDone(result.controls)
    if (!cookie?.length) throw new MethodRefused('the server gives no cookie')
    return Buffer.from(cookie)
  }
}
