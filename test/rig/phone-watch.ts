import { header, type SipRequest } from './phone-message.ts'
import { withPatience } from './phone-patience.ts'

/** What a lamp shows; `away`: no phone is registered, or none answers. */
export type Presence = 'free' | 'ringing' | 'busy' | 'away'

const notes: Readonly<Record<string, Presence>> = {
  Ready: 'free',
  Ringing: 'ringing',
  'On the phone': 'busy',
  Unavailable: 'away',
}

/** What is told about one extension since somebody subscribed (RFC 3863). */
export class Watch {
  readonly #number: string
  readonly #patienceMs: number
  readonly #told: Presence[] = []
  #ring: () => void = () => {}

  constructor(number: string, patienceMs: number) {
    this.#number = number
    this.#patienceMs = patienceMs
  }

  /** All that was told, in order. */
  get told(): readonly Presence[] {
    return this.#told
  }

  take(notify: SipRequest): void {
    if (!header(notify, 'event')?.startsWith('presence')) return
    if (!notify.body.includes(`<tuple id="${this.#number}">`)) return
    const note = /<note>([^<]*)<\/note>/.exec(notify.body)?.[1] ?? ''
    this.#told.push(notes[note] ?? 'away')
    this.#ring()
  }

  /** Resolves when that was the last that was told. */
  async until(wanted: Presence, withinMs = this.#patienceMs): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#ring = () => {
      if (this.#told.at(-1) === wanted) resolve()
    }
    this.#ring()
    const said = () => `${this.#number} is not ${wanted} but ${this.#told.join(', ') || 'unknown'}`
    await withPatience(promise, withinMs, said)
  }
}
