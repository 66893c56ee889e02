import { decodeAddress, header, userOf, type SipMessage } from './phone-message.ts'
import { withPatience } from './phone-patience.ts'

/** The other side, as a telephone would show it. */
export interface Party {
  readonly name: string | null
  readonly number: string
}

/** Whom a telephone shows during a call: the last one that it was told of (RFC 3325). */
export class Display {
  #shown: Party
  readonly #watching = new Set<() => void>()

  constructor(shown: Party) {
    this.#shown = shown
  }

  get shown(): Party {
    return this.#shown
  }

  /** A request or a response of the other side. */
  take(message: SipMessage): void {
    const asserted = header(message, 'p-asserted-identity') ?? header(message, 'remote-party-id')
    if (asserted === undefined) return
    const { name, uri } = decodeAddress(asserted)
    this.#shown = { name, number: userOf(uri) }
    for (const look of this.#watching) look()
  }

  async until(name: string, withinMs: number): Promise<Party> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => (this.#shown.name === name ? resolve() : undefined)
    this.#watching.add(look)
    look()
    try {
      const trouble = () => `the display shows ${JSON.stringify(this.#shown)}, and not ${name}`
      await withPatience(promise, withinMs, trouble)
      return this.#shown
    } finally {
      this.#watching.delete(look)
    }
  }
}
