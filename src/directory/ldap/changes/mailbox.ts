/** What waits for a slow consumer, at most. After that only the fact is kept that there was more. */
const mostWaiting = 5000

/** What a server sends by itself, until somebody has time for it. */
export class Mailbox<Item> {
  #items: Item[] = []
  #isOverfull = false
  #failure: unknown
  #hasFailed = false
  #wake: () => void = () => {}

  put(item: Item): void {
    if (this.#items.length >= mostWaiting) {
      this.#items = []
      this.#isOverfull = true
    }
    if (!this.#isOverfull) this.#items.push(item)
    this.#wake()
  }

  /** Nothing more comes; what waits can still be taken. */
  fail(error: unknown): void {
    this.#hasFailed = true
    this.#failure = error
    this.#wake()
  }

  /**
   * Everything that waits, as soon as there is something or the time is over (null: as long as it
   * takes). Then throws what it failed with.
   */
  async take(withinMs: number | null): Promise<{ items: readonly Item[]; isOverfull: boolean }> {
    if (!this.#hasSomething && !this.#hasFailed) await this.#rung(withinMs)
    if (!this.#hasSomething && this.#hasFailed) throw this.#failure
    const taken = { items: this.#items, isOverfull: this.#isOverfull }
    this.#items = []
    this.#isOverfull = false
    return taken
  }

  get #hasSomething(): boolean {
    return this.#items.length > 0 || this.#isOverfull
  }

  async #rung(withinMs: number | null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    const timer = withinMs === null ? null : setTimeout(resolve, withinMs)
    await promise
    if (timer) clearTimeout(timer)
    this.#wake = () => {}
  }
}
