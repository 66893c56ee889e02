import { createHash, createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { compileNetworks } from '../../networks.ts'
import { phoneRealm, type PhoneToken, type PhoneTokens } from '../../state/phone-tokens.ts'
import { isViewName } from './options.ts'
import type { PhoneRequest } from './request.ts'
import type { View } from './view.ts'

/** Who asks, and what he may see; or why not, as HTTP says it. */
export type Access =
  | { readonly view: View; readonly phone: PhoneToken | null; readonly who: string }
  | { readonly status: 401 | 403 | 429; readonly headers: Readonly<Record<string, string>> }

export interface AccessDeps {
  readonly tokens: PhoneTokens
  readonly views: ReadonlyMap<string, View>
  /** Default: everywhere. */
  readonly networks: readonly string[] | undefined
  readonly requestsPerMinute: number
  readonly now: () => number
}

/** Wrong tokens of one address in a minute; then nothing of it is looked at until the minute is over. */
const mostFailures = 60
/** Milliseconds in which a phone may answer a Digest challenge. */
const nonceLifetime = 300_000

/**
 * Decides who may read which view: a token in the path, or the view's name with the token as
 * password (Basic or Digest), or the name alone from a network that the view is open to.
 */
export class Gatekeeper {
  readonly #deps: AccessDeps
  readonly #isNear: (address: string) => boolean
  readonly #buckets = new LRUCache<string, { left: number; at: number }>({ max: 20_000 })
  readonly #failures = new LRUCache<string, { count: number; since: number }>({ max: 20_000 })
  readonly #nonceKey = randomBytes(32)

  constructor(deps: AccessDeps) {
    this.#deps = deps
    this.#isNear = deps.networks === undefined ? () => true : compileNetworks(deps.networks)
  }

  admit(request: PhoneRequest, place: string): Access {
    const { address } = request
    if (!this.#isNear(address)) return { status: 403, headers: {} }
    const open = isViewName(place) ? this.#deps.views.get(place) : undefined
    if (open?.isOpenTo(address)) {
      return this.#isHasty(address) ? tooMany : { view: open, phone: null, who: address }
    }
    if (this.#isGuessing(address)) return tooMany
    const shown = this.#shownToken(request, place)
    const view = shown && this.#deps.views.get(shown.view)
    if (!shown || !view || (isViewName(place) && place !== view.name)) {
      return this.#challenge(request, shown === null)
    }
    const who = `phone ${shown.id}`
    return this.#isHasty(who) ? tooMany : { view, phone: shown, who }
  }

  /**
   * For phones that do not speak HTTP: by a token, or without one (null) by the network, in the view
   * that is named or else the first that is open.
   */
  admitTo(view: string | null, token: string | null, address: string): Access {
    const refused = { status: 403, headers: {} } as const
    if (!this.#isNear(address)) return refused
    if (token === null) {
      const { views } = this.#deps
      const open = [...views.values()].find(
        ({ name, isOpenTo }) => (view === null || view === name) && isOpenTo(address),
      )
      if (!open) return refused
      return this.#isHasty(address) ? tooMany : { view: open, phone: null, who: address }
    }
    if (this.#isGuessing(address)) return tooMany
    const phone = this.#deps.tokens.check(token)
    const own = phone && this.#deps.views.get(phone.view)
    if (!phone || !own) {
      this.#noteFailure(address)
      return { status: 401, headers: {} }
    }
    if (view !== null && view !== own.name) return refused
    const who = `phone ${phone.id}`
    return this.#isHasty(who) ? tooMany : { view: own, phone, who }
  }

  /** Undefined: a token that is none. Null: nothing was shown yet. */
  #shownToken(
    { headers, method, url }: PhoneRequest,
    place: string,
  ): PhoneToken | undefined | null {
    const { tokens } = this.#deps
    if (!isViewName(place)) {
      const inPath = tokens.check(place)
      if (inPath) return inPath
    }
    const [, scheme = '', rest = ''] =
      /^(\w+) (.*)$/s.exec(headers['authorization'] as string) ?? []
    if (/^basic$/i.test(scheme)) {
      const pair = Buffer.from(rest, 'base64').toString('utf8')
      return tokens.check(pair.slice(pair.indexOf(':') + 1))
    }
    if (/^digest$/i.test(scheme)) return this.#byDigest(readDigest(rest), method, url)
    return isViewName(place) ? null : undefined
  }

  /** RFC 7616 with MD5, the only one that desk phones know. */
  #byDigest(
    given: ReadonlyMap<string, string>,
    method: string,
    url: string,
  ): PhoneToken | undefined | null {
    const {
      username = '',
      nonce = '',
      uri = '',
      response = '',
      nc,
      cnonce,
      qop,
    } = Object.fromEntries(given)
    if (!this.#isOwnNonce(nonce)) return null
    // The answer is for one address; somebody else's would be good for all of them.
    if (uri !== url) return undefined
    const middle = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`
    const ha2 = md5(`${method}:${uri}`)
    return this.#deps.tokens
      .named(username)
      .find(({ ha1 }) => md5(`${ha1}:${middle}:${ha2}`) === response.toLowerCase())?.phone
  }

  #challenge({ address }: PhoneRequest, isFirst: boolean): Access {
    if (!isFirst) this.#noteFailure(address)
    const digest = `Digest realm="${phoneRealm}", qop="auth", algorithm=MD5, nonce="${this.#nonce(this.#deps.now())}"`
    const basic = `Basic realm="${phoneRealm}", charset="UTF-8"`
    return { status: 401, headers: { 'www-authenticate': `${digest}, ${basic}` } }
  }

  #nonce(time: number): string {
    const stamp = time.toString(36)
    return `${stamp}.${createHmac('sha256', this.#nonceKey).update(stamp).digest('hex').slice(0, 32)}`
  }

  #isOwnNonce(nonce: string): boolean {
    const time = Number.parseInt(nonce, 36)
    return nonce === this.#nonce(time) && this.#deps.now() - time < nonceLifetime
  }

  /** A bucket that holds a minute's requests and fills again steadily. */
  #isHasty(who: string): boolean {
    const { requestsPerMinute: most, now } = this.#deps
    const at = now()
    const bucket = this.#buckets.get(who) ?? { left: most, at }
    bucket.left = Math.min(most, bucket.left + ((at - bucket.at) * most) / 60_000)
    bucket.at = at
    const isHasty = bucket.left < 1
    if (!isHasty) bucket.left--
    this.#buckets.set(who, bucket)
    return isHasty
  }

  #isGuessing(address: string): boolean {
    const failed = this.#failures.get(address)
    return (
      failed !== undefined &&
      failed.count >= mostFailures &&
      this.#deps.now() - failed.since < 60_000
    )
  }

  #noteFailure(address: string): void {
    const now = this.#deps.now()
    const failed = this.#failures.get(address)
    const isRecent = failed !== undefined && now - failed.since < 60_000
    this.#failures.set(
      address,
      isRecent ? { ...failed, count: failed.count + 1 } : { count: 1, since: now },
    )
  }
}

const tooMany = { status: 429, headers: { 'retry-after': '30' } } as const

function readDigest(text: string): ReadonlyMap<string, string> {
  const pairs = text.slice(0, 4096).matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/g)
  return new Map(Array.from(pairs, ([, name = '', quoted, bare = '']) => [name, quoted ?? bare]))
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
