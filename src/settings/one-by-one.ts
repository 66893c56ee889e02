/** Work that takes much memory, one piece after the other. */
export class OneByOne {
  #last: Promise<unknown> = Promise.resolve()

  /** Begins when all that came before has ended, unless nobody wants it by then. */
  take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => {
      signal.throwIfAborted()
      return work()
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }
}
