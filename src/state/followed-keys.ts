/**
 * Which keys are written here while a refresh reads what others wrote: of those, what was read may be
 * older than what is known.
 */
export class FollowedKeys {
  readonly #watched = new Set<Set<string>>()

  /** Call before a write begins, and when it is kept. */
  note(key: string): void {
    for (const written of this.#watched) written.add(key)
  }

  /** Reads, and resolves with that and with what tells whether a key was written meanwhile. */
  async during<T>(read: () => Promise<T>): Promise<readonly [T, (key: string) => boolean]> {
    const written = new Set<string>()
    this.#watched.add(written)
    try {
      return [await read(), (key) => written.has(key)]
    } finally {
      this.#watched.delete(written)
    }
  }
}
