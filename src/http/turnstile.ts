import type { ServerResponse } from 'node:http'

/** Long answers on their way at once. */
const mostInside = 16
/** Milliseconds after which somebody who reads slowly does not keep others waiting. */
const patience = 200

/**
 * Lets long answers begin a few at a time and at most one a turn of the event loop: two thousand
 * phones that fetch the whole book at eight o'clock must not delay a call.
 */
export class Turnstile {
  readonly #waiting: (() => void)[] = []
  #inside = 0
  #isTurning = false

  /** Resolves when the response may begin. */
  pass(response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        this.#enter(response)
        resolve()
      })
      this.#turn()
    })
  }

  #enter(response: ServerResponse): void {
    this.#inside++
    let isInside = true
    const leave = () => {
      if (!isInside) return
      isInside = false
      clearTimeout(timer)
      this.#inside--
      this.#turn()
    }
    const timer = setTimeout(leave, patience).unref()
    if (response.closed) leave()
    else response.once('close', leave)
  }

  #turn(): void {
    if (this.#isTurning || this.#inside >= mostInside) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#isTurning = true
    setImmediate(() => {
      this.#isTurning = false
      next()
      this.#turn()
    })
  }
}
