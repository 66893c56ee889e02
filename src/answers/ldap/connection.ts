import { once } from 'node:events'
import type { Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'
import type { Logger } from '../../logger.ts'
import { Frames, ProtocolBroken } from '../../ldap-wire/frames.ts'
import { startTlsId } from './extensions.ts'
import { codes, encodeExtended, encodeFarewell } from './reply.ts'
import { readMessage, type Message } from './request.ts'
import type { Session } from './session.ts'

export interface ConnectionOptions {
  readonly idleMs: number
  /** Null: no certificate, no StartTLS. */
  readonly tls: SecureContext | null
  readonly log: Logger
  readonly now: () => number
}

/** No phone's request is longer, in bytes. */
const longestRequest = 65_536
/** Milliseconds that a request may take to arrive, and a TLS handshake to end. */
const arrivalMs = 10_000
/** Requests that wait for their turn; a phone sends one at a time. */
const mostWaiting = 32

/**
 * One phone's socket: cuts requests out of it and answers them one after the other, no faster than
 * the phone reads. Whoever speaks anything but LDAP, or never ends what he began, is cut off.
 */
export class Connection {
  readonly #session: Session
  readonly #options: ConnectionOptions
  #socket: Socket
  #frames = new Frames(longestRequest)
  #waiting: Message[] = []
  #isAnswering = false
  /** The request that is being answered, until it is abandoned. */
  #current: number | null = null
  #arrival: NodeJS.Timeout | null = null
  /** Milliseconds since 1970; for choosing whom to let go. */
  lastHeard: number

  constructor(socket: Socket, session: Session, options: ConnectionOptions) {
    this.#socket = socket
    this.#session = session
    this.#options = options
    this.lastHeard = options.now()
    socket.setNoDelay(true)
    socket.setTimeout(options.idleMs)
    this.#listen()
  }

  get hasTls(): boolean {
    return this.#socket instanceof TLSSocket
  }

  /** Closes as soon as neither side has said anything for so long. */
  closeWhenQuiet(quietMs: number): void {
    this.#socket.setTimeout(quietMs)
  }

  close(): void {
    if (this.#arrival) clearTimeout(this.#arrival)
    this.#socket.destroy()
  }

  #listen(): void {
    this.#socket
      .on('data', this.#onData)
      .on('timeout', this.#onEnd)
      .on('end', this.#onEnd)
      .on('error', this.#onEnd)
      .on('close', this.#onEnd)
  }

  readonly #onEnd = () => {
    this.#waiting = []
    this.#current = null
    this.close()
  }

  readonly #onData = (chunk: Buffer) => {
    this.lastHeard = this.#options.now()
    try {
      for (const bytes of this.#frames.push(chunk)) this.#take(readMessage(bytes))
    } catch (error) {
      if (!(error instanceof ProtocolBroken)) throw error
      return this.#farewell(error.message)
    }
    this.#watchArrival()
    if (!this.#isAnswering) void this.#answerAll()
  }

  /** A request that has begun must end soon, however slowly its bytes drip in. */
  #watchArrival(): void {
    if (this.#frames.pendingBytes === 0) {
      if (this.#arrival) clearTimeout(this.#arrival)
      this.#arrival = null
    } else {
      this.#arrival ??= setTimeout(() => this.#farewell('a request did not end'), arrivalMs)
    }
  }

  #take(message: Message): void {
    const { request } = message
    if (request.kind === 'abandon') {
      if (this.#current === request.id) this.#current = null
      this.#waiting = this.#waiting.filter(({ id }) => id !== request.id)
      return
    }
    if (this.#waiting.length >= mostWaiting) throw new ProtocolBroken('too many requests at once')
    this.#waiting.push(message)
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true
    try {
      for (let message = this.#waiting.shift(); message; message = this.#waiting.shift()) {
        const { id, request } = message
        if (request.kind === 'unbind') {
          this.#socket.destroySoon()
          return
        }
        if (request.kind === 'extended' && request.name === startTlsId) this.#startTls(id)
        else await this.#answer(message)
      }
    } catch (error) {
      if (error instanceof ProtocolBroken) return this.#farewell(error.message)
      this.#options.log.error({ problem: String(error) }, 'phone not answered over LDAP')
      this.#onEnd()
    } finally {
      this.#isAnswering = false
    }
  }

  async #answer(message: Message): Promise<void> {
    this.#current = message.id
    const pieces: Buffer[] = []
    let bytes = 0
    for await (const piece of this.#session.answer(message)) {
      if (this.#current !== message.id) return
      pieces.push(piece)
      bytes += piece.length
      if (bytes < 16_384) continue
      await this.#write(Buffer.concat(pieces.splice(0)))
      bytes = 0
    }
    if (this.#current === message.id) await this.#write(Buffer.concat(pieces))
    this.#current = null
  }

  /** Waits for a phone that reads slowly. */
  async #write(bytes: Buffer): Promise<void> {
    if (this.#socket.destroyed || this.#socket.write(bytes)) return
    const gone = new AbortController()
    const onClose = () => gone.abort()
    this.#socket.once('close', onClose)
    await once(this.#socket, 'drain', { signal: gone.signal }).catch(() => undefined)
    this.#socket.off('close', onClose)
  }

  /** RFC 4511, 4.14. What came before the handshake must not count as protected: it is an error. */
  #startTls(id: number): void {
    const { tls } = this.#options
    if (!tls || this.hasTls || this.#waiting.length > 0 || this.#frames.pendingBytes > 0) {
      const words = tls ? 'TLS cannot begin now' : 'there is no certificate (listen.ldapTls)'
      this.#socket.write(encodeExtended(id, { code: codes.protocolError, words }, startTlsId))
      return
    }
    this.#socket.write(encodeExtended(id, { code: codes.success }, startTlsId))
    const plain = this.#socket.off('data', this.#onData).off('end', this.#onEnd)
    // Silence is measured where the phone is heard from now on.
    plain.setTimeout(0)
    this.#socket = secure(plain, tls).setTimeout(this.#options.idleMs)
    this.#frames = new Frames(longestRequest)
    this.#listen()
  }

  #farewell(words: string): void {
    this.#waiting = []
    this.#current = null
    if (this.#arrival) clearTimeout(this.#arrival)
    this.#socket.off('data', this.#onData).resume()
    this.#socket.end(encodeFarewell({ code: codes.protocolError, words }))
    // Whoever goes on sending does not keep the connection.
    this.#arrival = setTimeout(() => this.close(), 1000)
  }
}

/** TLS on a socket that was accepted. */
export function secure(socket: Socket, secureContext: SecureContext): TLSSocket {
  const secured = new TLSSocket(socket, { isServer: true, secureContext })
  const timer = setTimeout(() => socket.destroy(), arrivalMs)
  secured.once('secure', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
  return secured
}
