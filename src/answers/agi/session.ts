import type { Socket } from 'node:net'
import { Lines } from './lines.ts'
import { readEnvironmentLine, readReplyLine, type Environment, type Reply } from './wire.ts'

/** Why a session ended before its script was done. */
export type SessionEnd =
  | 'hung up'
  | 'closed by Asterisk'
  | 'out of time'
  | 'line too long'
  | 'environment too long'
  | 'no environment'

/** The call is gone, or we let it go. The script that awaits a reply ends with this. */
export class SessionOver extends Error {
  override name = 'SessionOver'
  code = 'SESSION_OVER' as const
  readonly end: SessionEnd

  constructor(end: SessionEnd) {
    super(end)
    this.end = end
  }
}

/** Characters. Asterisk cuts its own values far below. */
const longestLine = 16_384
/** Lines: Asterisk sends some 25, and one for each argument. */
const mostEnvironment = 200

/**
 * One FastAGI connection: first Asterisk's environment, then one command and its reply after the
 * other. Never two commands at once: Asterisk polls the socket and would leave a second line that
 * came with the first in its buffer, until something else arrives.
 */
export class Session {
  readonly #socket: Socket
  readonly #lines = new Lines(longestLine)
  readonly #environment = new Map<string, string>()
  readonly #ready = Promise.withResolvers<Environment>()
  readonly #timer: NodeJS.Timeout
  #awaiting: ReturnType<typeof Promise.withResolvers<Reply>> | null = null
  #isReady = false
  #over: SessionOver | null = null

  /** `budgetMs`: after this time the call goes on, whatever was reached. */
  constructor(socket: Socket, budgetMs: number) {
    this.#socket = socket
    this.#ready.promise.catch(() => undefined)
    this.#timer = setTimeout(() => this.#end('out of time'), budgetMs)
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end('closed by Asterisk'))
    socket.on('close', () => this.#end('closed by Asterisk'))
    // A reset is a way to hang up; `close` follows.
    socket.on('error', () => undefined)
  }

  /** Rejects with `SessionOver`. */
  environment(): Promise<Environment> {
    return this.#ready.promise
  }

  /** Sends one command and waits for its reply. Rejects with `SessionOver`. */
  async ask(command: string): Promise<Reply> {
    if (this.#over) throw this.#over
    if (this.#awaiting) throw new Error('agi: one command at a time')
    const awaiting = Promise.withResolvers<Reply>()
    this.#awaiting = awaiting
    this.#socket.write(command)
    return awaiting.promise
  }

  /** Ends it well: the call goes on in the dialplan. */
  close(): void {
    clearTimeout(this.#timer)
    this.#over ??= new SessionOver('closed by Asterisk')
    this.#socket.end()
    // What Asterisk still has to say (`HANGUP`) is read and forgotten, or the socket would linger.
    this.#socket.resume()
    this.#socket.setTimeout(1000, () => this.#socket.destroy())
  }

  #receive(chunk: Buffer): void {
    if (this.#over) return
    const lines = this.#lines.add(chunk)
    if (lines === null) return this.#end('line too long')
    for (const line of lines) {
      if (this.#isReady) this.#reply(line)
      else this.#environ(line)
      if (this.#over) return
    }
  }

  #environ(line: string): void {
    if (line === '') {
      // Somebody else's protocol, or a port scan.
      if (this.#environment.size === 0) return this.#end('no environment')
      this.#isReady = true
      return this.#ready.resolve(this.#environment)
    }
    const pair = readEnvironmentLine(line)
    if (!pair) return this.#end('no environment')
    this.#environment.set(...pair)
    if (this.#environment.size > mostEnvironment) this.#end('environment too long')
  }

  #reply(line: string): void {
    const read = readReplyLine(line)
    // The caller is gone; commands would still be answered, but nobody is there to be named.
    if (read.is === 'hangup') return this.#end('hung up')
    if (read.is !== 'reply') return
    const awaiting = this.#awaiting
    this.#awaiting = null
    awaiting?.resolve(read.reply)
  }

  #end(end: SessionEnd): void {
    if (this.#over) return
    clearTimeout(this.#timer)
    this.#over = new SessionOver(end)
    this.#ready.reject(this.#over)
    this.#awaiting?.reject(this.#over)
    this.#awaiting = null
    this.#socket.destroy()
  }
}
