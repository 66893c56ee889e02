import type { WrittenRow } from '../../../state/written-rows.ts'

/** Milliseconds. Asterisk looks for what ran out every 30 s, unless it is told otherwise. */
const toldForMs = 100_000
/** Unix seconds: ran out long ago, by everybody's clock. */
const longAgo = '1'

/**
 * Contacts that were removed here, because their owner left. Asterisk goes on showing such a phone as
 * being there, and asks it whether it is, until it deletes the contact itself; and it does that only
 * with those that it finds among what ran out (res_pjsip_registrar.c, contact expiration). So they
 * are answered there for a while, to each Asterisk.
 */
export class GoneContacts {
  readonly #now: () => number
  readonly #gone = new Map<string, { readonly row: WrittenRow; readonly since: number }>()
  /** Being deleted by Asterisk itself, which then knows. */
  readonly #destroyed = new Set<string>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** A contact was written or removed. */
  follow(id: string, before: WrittenRow | undefined, after: WrittenRow | undefined): void {
    if (after) this.#gone.delete(id)
    else if (before && !this.#destroyed.has(id)) {
      this.#gone.set(id, { row: before, since: this.#now() })
    }
  }

  /** Removes one without remembering it; resolves with whether there was one, or had been. */
  async whileDestroyed(id: string, remove: () => Promise<boolean>): Promise<boolean> {
    this.#destroyed.add(id)
    try {
      return (await remove()) || this.#gone.has(id)
    } finally {
      this.#destroyed.delete(id)
    }
  }

  *rows(): Generator<WrittenRow> {
    const latest = this.#now() - toldForMs
    for (const [id, { row, since }] of this.#gone) {
      if (since < latest) this.#gone.delete(id)
      else yield { ...row, expiration_time: longAgo }
    }
  }
}
