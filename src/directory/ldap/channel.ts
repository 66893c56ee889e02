import type { Socket } from 'node:net'
import { UnbindRequest } from 'ldapts'
import { Frames, ProtocolBroken } from '../../ldap-wire/frames.ts'
import { type Reply, type Result, decodeReply } from './reply.ts'

/** The connection is gone; whatever was asked on it has no answer. */
export class ChannelClosed extends Error {
  override name = 'ChannelClosed'
}

/** A request that is ready to be written, such as ldapts's `SearchRequest`. */
export interface Request {
  write(): Buffer
}

export interface ExchangeOptions {
  /**
   * The longest silence of the server that is waited for. Every message that comes renews it. Null
   * for a search that the server never ends.
   */
  readonly silenceMs: number | null
  readonly signal: AbortSignal
  /** What comes before the result. */
  readonly onReply?: (reply: Exclude<Reply, { kind: 'result' }>) => void
}

interface Exchange {
  readonly onReply: ((reply: Exclude<Reply, { kind: 'result' }>) => void) | undefined
  readonly timer: NodeJS.Timeout | null
  resolve(result: Result): void
  reject(reason: Error): void
}

/**
 * LDAP messages over one socket. It never reconnects: a channel that failed once, in whatever way,
 * stays failed, so everything that was read through one channel was read as one and the same user.
 */
export class Channel implements AsyncDisposable {
  readonly #socket: Socket
  readonly #frames = new Frames()
  readonly #exchanges = new Map<number, Exchange>()
  #lastId = 0
  #failure: Error | null = null

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', this.#onData)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
  }

  /** Sends a request and waits for its result, whatever its code. */
  exchange(
    build: (messageId: number) => Request,
    { silenceMs, signal, onReply }: ExchangeOptions,
  ): Promise<Result> {
    if (this.#failure) return Promise.reject(this.#failure)
    if (signal.aborted) return Promise.reject(this.#abort(signal))
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const id = ++this.#lastId
    const onSilence = () => this.#fail(new ChannelClosed(`no answer for ${silenceMs} ms`))
    const timer = silenceMs === null ? null : setTimeout(onSilence, silenceMs)
    const onAbort = () => this.#abort(signal)
    signal.addEventListener('abort', onAbort, { once: true })
    this.#exchanges.set(id, { onReply, timer, resolve, reject })
    this.#socket.write(build(id).write())
    return promise.finally(() => {
      if (timer) clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    })
  }

  /**
   * Gives the bare socket away, for TLS to be put around it. Refused when the server sent more than
   * it was asked: bytes from before the handshake must never be taken for protected ones.
   */
  detach(): Socket {
    if (this.#failure) throw this.#failure
    if (this.#frames.pendingBytes > 0 || this.#exchanges.size > 0) {
      throw this.#fail(new ProtocolBroken('the server sent data between StartTLS and TLS'))
    }
    this.#failure = new ChannelClosed('the socket was given away')
    this.#socket.off('data', this.#onData)
    this.#socket.off('error', this.#onError)
    this.#socket.off('close', this.#onClose)
    return this.#socket
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#failure) return
    // A farewell, so that the server's log does not speak of a lost connection; nobody waits for it.
    this.#socket.write(new UnbindRequest({ messageId: ++this.#lastId }).write())
    this.#socket.destroySoon()
    this.#fail(new ChannelClosed('the connection was closed by us'))
  }

  readonly #onData = (chunk: Buffer) => {
    // Else all that has come is taken in one go, and who asks meanwhile waits for it.
    this.#socket.pause()
    setImmediate(this.#resume)
    try {
      for (const bytes of this.#frames.push(chunk)) this.#take(bytes)
    } catch (error) {
      this.#fail(error instanceof Error ? error : new ProtocolBroken(String(error)))
    }
  }

  readonly #resume = () => {
    if (!this.#failure) this.#socket.resume()
  }

  readonly #onError = (error: NodeJS.ErrnoException) => {
    this.#fail(
      new ChannelClosed(`the connection broke (${error.code ?? error.message})`, { cause: error }),
    )
  }

  readonly #onClose = () => {
    this.#fail(new ChannelClosed('the server closed the connection'))
  }

  #take(bytes: Buffer): void {
    const { messageId, reply } = decodeReply(bytes)
    const exchange = this.#exchanges.get(messageId)
    if (!exchange) {
      // Message 0 is the server's own: the notice of disconnection (RFC 4511, 4.4.1).
      const said =
        reply.kind === 'result' ? `: ${reply.result.diagnostic || reply.result.code}` : ''
      throw new ChannelClosed(`the server ended the connection${said}`)
    }
    exchange.timer?.refresh()
    if (reply.kind === 'result') {
      this.#exchanges.delete(messageId)
      exchange.resolve(reply.result)
    } else {
      exchange.onReply?.(reply)
    }
  }

  #abort(signal: AbortSignal): Error {
    const reason: unknown = signal.reason
    return this.#fail(reason instanceof Error ? reason : new ChannelClosed('stopped'))
  }

  #fail(error: Error): Error {
    if (this.#failure) return this.#failure
    this.#failure = error
    if (!this.#socket.writableEnded) this.#socket.destroy()
    for (const exchange of this.#exchanges.values()) exchange.reject(error)
    this.#exchanges.clear()
    return error
  }
}
