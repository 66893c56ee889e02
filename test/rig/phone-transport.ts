import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import {
  decodeMessage,
  encodeMessage,
  header,
  headers,
  type SipHeaders,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './phone-message.ts'

export interface Outgoing {
  readonly method: string
  readonly uri: string
  readonly headers: SipHeaders
  readonly body?: string
}

/** A running client transaction. */
export interface Sent {
  /** Its Via, which CANCEL repeats. */
  readonly via: string
  /** The final response. Rejects when none came in time. */
  readonly final: Promise<SipResponse>
}

export type Respond = (status: number, reason: string, headers?: SipHeaders, body?: string) => void
type OnRequest = (request: SipRequest, respond: Respond) => void

const t1Ms = 500
const t2Ms = 4_000

/**
 * SIP transactions over UDP (RFC 3261, 17): retransmits what is not answered, answers what is
 * repeated, acknowledges refused INVITEs. What a message means is for others.
 */
export class SipTransport implements AsyncDisposable {
  readonly address: string
  readonly port: number
  readonly #socket: Socket
  readonly #server: { readonly host: string; readonly port: number }
  readonly #onRequest: OnRequest
  readonly #timeoutMs: number
  readonly #waiting = new Map<string, (response: SipResponse) => void>()
  readonly #answered = new Map<string, { response?: Buffer; repeat?: NodeJS.Timeout }>()
  readonly #abandon = new Set<(cause: Error) => void>()
  #closed = false

  constructor(socket: Socket, server: string, timeoutMs: number, onRequest: OnRequest) {
    const { address, port } = socket.address()
    const [host = '', serverPort = ''] = server.split(':')
    this.address = address
    this.port = port
    this.#socket = socket
    this.#server = { host, port: Number(serverPort) }
    this.#timeoutMs = timeoutMs
    this.#onRequest = onRequest
    socket.on('message', (data, from) => {
      const message = decodeMessage(data)
      if (message?.kind === 'request') this.#takeRequest(message, from)
      if (message?.kind === 'response') {
        this.#waiting.get(transactionOf(message))?.(message)
      }
    })
  }

  static async open(
    address: string,
    server: string,
    timeoutMs: number,
    onRequest: OnRequest,
  ): Promise<SipTransport> {
    const socket = createSocket('udp4')
    socket.bind(0, address)
    await once(socket, 'listening')
    return new SipTransport(socket, server, timeoutMs, onRequest)
  }

  /** @param onProgress hears of each 1xx, and of each 2xx as often as it comes: an INVITE must be acknowledged anew */
  request(out: Outgoing, onProgress?: (response: SipResponse) => void): Sent {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`
    const via = `SIP/2.0/UDP ${this.address}:${this.port};branch=${branch};rport`
    const request = toRequest(out, via)
    const isInvite = request.method === 'INVITE'
    const { promise, resolve, reject } = Promise.withResolvers<SipResponse>()
    // Nobody may be listening when a phone is put away in the middle of a request.
    promise.catch(() => undefined)

    let repeat: NodeJS.Timeout | undefined
    const send = (waitMs: number): void => {
      this.send(request)
      repeat = setTimeout(send, waitMs, isInvite ? waitMs * 2 : Math.min(waitMs * 2, t2Ms))
    }
    const giveUp = (): void => {
      clearTimeout(repeat)
      reject(new Error(`phone: no answer to ${out.method} ${out.uri} in ${this.#timeoutMs} ms`))
    }
    const late = setTimeout(giveUp, this.#timeoutMs)
    this.#abandon.add(reject)
    this.#waiting.set(transactionOf(request), (response) => {
      clearTimeout(repeat)
      if (response.status < 200) {
        // A ringing phone may ring for long; the caller's own patience decides then.
        if (isInvite) clearTimeout(late)
        onProgress?.(response)
        return
      }
      clearTimeout(late)
      this.#abandon.delete(reject)
      if (isInvite && response.status >= 300) this.#acknowledge(request, response)
      else onProgress?.(response)
      resolve(response)
    })
    send(t1Ms)
    return { via, final: promise }
  }

  /** Sends without a transaction: ACK of a 2xx. */
  sendOnce(out: Outgoing): void {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`
    this.send(toRequest(out, `SIP/2.0/UDP ${this.address}:${this.port};branch=${branch};rport`))
  }

  /** CANCEL of a running INVITE: same Via, own transaction. */
  cancel(out: Outgoing, via: string): void {
    this.send(toRequest(out, via))
  }

  send(message: SipMessage): void {
    if (this.#closed) return
    this.#socket.send(encodeMessage(message), this.#server.port, this.#server.host)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const { repeat } of this.#answered.values()) clearTimeout(repeat)
    for (const reject of this.#abandon) reject(new Error('phone: put away'))
    this.#socket.close()
    await once(this.#socket, 'close')
  }

  #acknowledge(request: SipRequest, response: SipResponse): void {
    const kept = ['via', 'from', 'call-id', 'max-forwards']
    const sequence = Number.parseInt(header(request, 'cseq') ?? '', 10)
    this.send({
      kind: 'request',
      method: 'ACK',
      uri: request.uri,
      headers: [
        ...request.headers.filter(([name]) => kept.includes(name.toLowerCase())),
        ['To', header(response, 'to') ?? ''],
        ['CSeq', `${sequence} ACK`],
      ],
      body: '',
    })
  }

  #takeRequest(request: SipRequest, from: { address: string; port: number }): void {
    const key = transactionOf(request)
    if (request.method === 'ACK') {
      clearTimeout(this.#answered.get(key.replace(/ACK$/, 'INVITE'))?.repeat)
      this.#onRequest(request, () => undefined)
      return
    }
    const known = this.#answered.get(key)
    if (known) {
      if (known.response) this.#socket.send(known.response, from.port, from.address)
      return
    }
    const answered: { response?: Buffer; repeat?: NodeJS.Timeout } = {}
    this.#answered.set(key, answered)
    this.#onRequest(request, (status, reason, more = [], body = '') => {
      if (this.#closed) return
      const response = encodeMessage(toResponse(request, status, reason, more, body))
      answered.response = response
      const send = (): void => this.#socket.send(response, from.port, from.address)
      clearTimeout(answered.repeat)
      send()
      if (request.method === 'INVITE' && status >= 200) repeatUntilCleared(answered, send)
    })
  }

  /** Stops repeating a 2xx whose ACK came: such an ACK is a transaction of its own. */
  acknowledged(invite: SipRequest): void {
    clearTimeout(this.#answered.get(transactionOf(invite))?.repeat)
  }
}

function repeatUntilCleared(answered: { repeat?: NodeJS.Timeout }, send: () => void): void {
  const again = (waitMs: number): void => {
    if (waitMs > 32 * t1Ms) return
    answered.repeat = setTimeout(() => {
      send()
      again(waitMs * 2)
    }, waitMs)
  }
  again(t1Ms)
}

function toRequest(out: Outgoing, via: string): SipRequest {
  return {
    kind: 'request',
    method: out.method,
    uri: out.uri,
    headers: [['Via', via], ['Max-Forwards', '70'], ...out.headers],
    body: out.body ?? '',
  }
}

function toResponse(
  request: SipRequest,
  status: number,
  reason: string,
  more: SipHeaders,
  body: string,
): SipResponse {
  const copied = ['via', 'record-route', 'from', 'to', 'call-id', 'cseq']
  const given = new Set(more.map(([name]) => name.toLowerCase()))
  const kept = request.headers.filter(([name]) => copied.includes(name) && !given.has(name))
  return { kind: 'response', status, reason, headers: [...kept, ...more], body }
}

/** Branch of the topmost Via, and the method that the CSeq names. */
function transactionOf(message: SipMessage): string {
  const branch = /branch=([^;,\s]+)/.exec(headers(message, 'via')[0] ?? '')?.[1] ?? ''
  const method = /^\d+\s+(\w+)/.exec(header(message, 'cseq') ?? '')?.[1] ?? ''
  return `${branch} ${method}`
}
