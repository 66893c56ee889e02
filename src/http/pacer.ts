import type { ServerResponse } from 'node:http'

/** Bytes that are written in one go, to one or several: a third of a millisecond of work. */
const most = 262_144
/** Milliseconds between one go and the next. */
const pause = 1

interface Sending {
  readonly response: ServerResponse
  readonly body: Buffer
  /** Bytes that were written. */
  at: number
}

/**
 * Sends long answers in pieces, two gigabits a second of them together: two thousand phones that
 * fetch the whole book at eight o'clock must leave the processors time for calls. Who came first is
 * done first, and who does not read keeps nobody waiting.
 */
export class Pacer {
  readonly #begun: Sending[] = []
  readonly #waiting: Sending[] = []
  #isGoing = false

  /** Its head, with the length, has been given to the response. */
  send(response: ServerResponse, body: Buffer): void {
    this.#waiting.push({ response, body, at: 0 })
    this.#start()
  }

  #start(): void {
    if (this.#isGoing) return
    this.#isGoing = true
    setTimeout(() => this.#go(), pause)
  }

  #go(): void {
    for (let left = most; left > 0;) {
      const next = this.#begun.shift() ?? this.#waiting.shift()
      if (!next) break
      left -= this.#write(next, left)
    }
    this.#isGoing = false
    if (this.#begun.length > 0 || this.#waiting.length > 0) this.#start()
  }

  #write(sending: Sending, atMost: number): number {
    const { response, body, at } = sending
    if (response.destroyed) return 0
    sending.at = Math.min(at + atMost, body.length)
    const bytes = body.subarray(at, sending.at)
    if (sending.at === body.length) response.end(bytes)
    // Called when the system has taken all of it; of a connection that is gone, with an error.
    else response.write(bytes, (error) => error ?? this.#goOn(sending))
    return bytes.length
  }

  #goOn(sending: Sending): void {
    this.#begun.push(sending)
    this.#start()
  }
}
