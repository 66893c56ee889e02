import { LRUCache } from 'lru-cache'

export interface AttemptLimits {
  readonly perAccount: number
  readonly perAddress: number
  readonly windowMs: number
}

export interface Attempt {
  /** Whether this person signed in from this address lately. */
  readonly isKnown: boolean
  /** The password was right: nothing of it counts. */
  succeeded(): void
  /** Nobody could say whether it was right. */
  undecided(): void
}

export type Begun =
  | { readonly kind: 'go'; readonly attempt: Attempt }
  /** Too often for this person. To be answered like a wrong password: it must not tell who exists. */
  | { readonly kind: 'account' }
  | { readonly kind: 'address'; readonly retryAfterSeconds: number }

interface Level {
  readonly level: number
  readonly at: number
}

const longestKnownMs = 30 * 86_400_000

/**
 * How often passwords may be tried. An attempt counts from its beginning, so many at once are no way
 * around it, and is given back when it succeeds. Failures run out one by one over the window: nobody
 * is locked out for good. Where somebody signed in before he has an allowance of his own, which a
 * stranger's failures do not touch.
 */
export class Attempts {
  readonly #limits: AttemptLimits
  readonly #now: () => number
  // With `max` they would take the room for all of them at once.
  readonly #levels = new LRUCache<string, Level>({ maxSize: 100_000, sizeCalculation: () => 1 })
  readonly #known = new LRUCache<string, number>({ maxSize: 50_000, sizeCalculation: () => 1 })

  constructor(limits: AttemptLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** `address` null: a system asks that does not say for whom; only the account counts then. */
  begin(account: string, address: string | null): Begun {
    const { perAccount, perAddress } = this.#limits
    const place = address === null ? null : `address ${networkOf(address)}`
    const knownKey = `${account} ${address}`
    const knownAt = this.#known.get(knownKey)
    const isKnown = knownAt !== undefined && this.#now() - knownAt < longestKnownMs
    if (place !== null) {
      const level = this.#level(place, perAddress)
      if (level > perAddress - 1) {
        const stepMs = this.#limits.windowMs / perAddress
        const retryAfterSeconds = Math.ceil(((level - perAddress + 1) * stepMs) / 1000)
        return { kind: 'address', retryAfterSeconds }
      }
    }
    if (place !== null) this.#add(place, 1, perAddress)
    const key = isKnown ? `known ${knownKey}` : `account ${account}`
    if (this.#level(key, perAccount) > perAccount - 1) return { kind: 'account' }
    this.#add(key, 1, perAccount)
    const giveBack = () => {
      if (place !== null) this.#add(place, -1, perAddress)
      this.#add(key, -1, perAccount)
    }
    const succeeded = () => {
      giveBack()
      if (address !== null) this.#known.set(knownKey, this.#now())
    }
    return { kind: 'go', attempt: { isKnown, succeeded, undecided: giveBack } }
  }

  #level(key: string, most: number): number {
    const found = this.#levels.get(key)
    if (!found) return 0
    const drained = ((this.#now() - found.at) * most) / this.#limits.windowMs
    return Math.max(0, found.level - drained)
  }

  #add(key: string, step: number, most: number): void {
    const level = Math.max(0, this.#level(key, most) + step)
    this.#levels.set(key, { level, at: this.#now() })
  }
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const first = head.split(':').filter((group) => group !== '')
  const last = (tail ?? '').split(':').filter((group) => group !== '')
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0')
  const groups = tail === undefined ? first : [...first, ...zeros, ...last]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
