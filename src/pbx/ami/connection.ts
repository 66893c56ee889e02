import type { Socket } from 'node:net'
import { AmiReader, encodeAction, type AmiAnswer, type AmiFields } from './message.ts'

/** Actions that may be on their way at once; Asterisk answers them one after the other. */
const mostUnderway = 32

interface Asked {
  readonly id: string
  readonly text: string
  readonly action: string
  readonly resolve: (answer: AmiAnswer) => void
  readonly reject: (error: Error) => void
}

/** The connection to the manager interface is gone; everything that was asked is lost with it. */
export class AmiLost extends Error {
  override name = 'AmiLost'
  code = 'AMI_LOST' as const
}

/** An open connection: asks, and hands each answer to who asked for it. */
export class AmiConnection implements AsyncDisposable {
  /** Resolves with Asterisk's greeting. */
  readonly greeting: Promise<string>
  readonly #socket: Socket
  readonly #timeoutMs: number
  readonly #onLost: () => void
  readonly #reader = new AmiReader()
  readonly #underway = new Map<string, Asked>()
  readonly #queue: Asked[] = []
  readonly #greeted = Promise.withResolvers<string>()
  #timer: NodeJS.Timeout | undefined
  #lastId = 0
  #problem: Error | null = null

  /** `timeoutMs`: the longest silence while something is asked. `onLost` is told once. */
  constructor(socket: Socket, timeoutMs: number, onLost: () => void) {
    this.#socket = socket
    this.#timeoutMs = timeoutMs
    this.#onLost = onLost
    this.greeting = this.#greeted.promise
    this.greeting.catch(() => {}) // who waits for it hears of it
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#lose(new AmiLost(error.message, { cause: error })))
    socket.on('close', () => this.#lose(new AmiLost('Asterisk closed the connection')))
    this.#await('greeting')
  }

  /** Why it is gone; null while it is open. */
  get problem(): Error | null {
    return this.#problem
  }

  /** Resolves with the answer, whatever it says. Rejects with `AmiLost` and with `TypeError`. */
  ask(action: string, fields: AmiFields = {}): Promise<AmiAnswer> {
    if (this.#problem) return Promise.reject(this.#problem)
    const id = String(++this.#lastId)
    const { promise, resolve, reject } = Promise.withResolvers<AmiAnswer>()
    try {
      this.#queue.push({ id, action, text: encodeAction(action, id, fields), resolve, reject })
    } catch (error) {
      return Promise.reject(error)
    }
    this.#send()
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lose(new AmiLost('closed'))
  }

  #send(): void {
    const wasIdle = this.#underway.size === 0
    let text = ''
    while (this.#underway.size < mostUnderway) {
      const next = this.#queue.shift()
      if (!next) break
      this.#underway.set(next.id, next)
      text += next.text
    }
    if (text === '') return
    this.#socket.write(text)
    if (wasIdle) this.#watch()
  }

  #read(chunk: Buffer): void {
    if (this.#problem) return
    try {
      for (const received of this.#reader.read(chunk)) {
        if (received.kind === 'greeting') this.#greet(received.version)
        else this.#answered(received.answer)
      }
      this.#send()
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #answered(answer: AmiAnswer): void {
    const id = answer.get('actionid') ?? ''
    const asked = this.#underway.get(id)
    this.#underway.delete(id)
    if (!asked) return
    asked.resolve(answer)
    this.#watch()
  }

  #greet(version: string): void {
    this.#greeted.resolve(version)
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Asterisk owes the answer to the oldest action; what else it says does not count. */
  #watch(): void {
    clearTimeout(this.#timer)
    const [oldest] = this.#underway.values()
    if (oldest) this.#await(oldest.action)
  }

  #await(owed: string): void {
    const silent = () => this.#lose(new AmiLost(`no answer for ${this.#timeoutMs} ms (${owed})`))
    this.#timer = setTimeout(silent, this.#timeoutMs)
  }

  #lose(error: Error): void {
    if (this.#problem) return
    this.#problem = error
    clearTimeout(this.#timer)
    this.#socket.destroy()
    this.#greeted.reject(error)
    for (const { reject } of [...this.#underway.values(), ...this.#queue]) reject(error)
    this.#underway.clear()
    this.#queue.length = 0
    this.#onLost()
  }
}
