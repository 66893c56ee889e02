import { randomBytes } from 'node:crypto'
import type { CallDeps } from './phone-call-deps.ts'
import type { Call } from './phone-call.ts'
import { answerChallenge, challengedBy } from './phone-digest.ts'
import { Lamps, type Lamp, type Messages } from './phone-lamps.ts'
import { header, type SipHeaders, type SipRequest, type SipResponse } from './phone-message.ts'
import { withPatience } from './phone-patience.ts'
import { SipCall } from './phone-session.ts'
import { SipTransport, type Respond } from './phone-transport.ts'
import type { Watch } from './phone-watch.ts'

/**
 * A SIP telephone on loopback for the tests: registers, calls, is called, sends a tone and hears
 * what comes back. It speaks UDP and µ-law only, and does nothing that it is not told to do, except
 * ring.
 */
export interface Phone extends AsyncDisposable {
  readonly user: string
  readonly port: number
  /** How often it was asked by OPTIONS whether it is there. */
  readonly optionsTaken: number
  register(expiresSeconds?: number): Promise<Registration>
  unregister(): Promise<Registration>
  call(number: string): Promise<Call>
  /** The next call that comes in, or one that already rings and was not handed out yet. */
  incoming(withinMs?: number): Promise<Call>
  /** Watches the mailbox (RFC 3842) until it is as wanted; resolves with its state. */
  messages(isWanted: (messages: Messages) => boolean, withinMs?: number): Promise<Messages>
  /** What it is told of the mailbox without having subscribed, until it is as wanted. */
  messagesUnasked(isWanted: (messages: Messages) => boolean, withinMs?: number): Promise<Messages>
  /** Watches another extension (RFC 4235) until its lamp is as wanted. */
  lamp(number: string, wanted: Lamp, withinMs?: number): Promise<void>
  /** Watches it from now on (RFC 3856), over restarts of Asterisk where that remembers. */
  watch(number: string): Promise<Watch>
  /** Is gone without a word, as when somebody pulls the plug. */
  vanish(): Promise<void>
}

export interface PhoneOptions {
  /** `127.0.0.1:port` of the registrar. */
  readonly server: string
  readonly user: string
  readonly secret?: string
  /** Own address; another of 127.0.0.0/8 for a trunk that is known by its address. */
  readonly address?: string
  /** What it sends during calls. */
  readonly toneHz?: number
  /** Name for the From header, as a phone would have it configured. */
  readonly name?: string
  /** User part of its Contact, when that is another than its name. */
  readonly contactUser?: string
  /** How long it waits for anything. */
  readonly patienceMs?: number
  /** Takes calls instead of `incoming()`. */
  readonly onIncoming?: (call: Call) => void
}

export interface Registration {
  readonly status: number
  readonly reason: string
  /** What the registrar now knows. */
  readonly contacts: readonly string[]
  /** The digest algorithm that it asked for; null when it asked for none. */
  readonly algorithm: string | null
}

export async function openPhone(options: PhoneOptions): Promise<Phone> {
  const phone = new SipPhone(options)
  await phone.open()
  return phone
}

class SipPhone implements Phone {
  readonly user: string
  readonly #options: PhoneOptions
  readonly #patienceMs: number
  readonly #calls = new Map<string, SipCall>()
  readonly #callId = randomBytes(12).toString('hex')
  readonly #arrived: Call[] = []
  readonly #awaiting: ((call: Call) => void)[] = []
  readonly #lamps: Lamps
  #deps: CallDeps | undefined
  optionsTaken = 0
  #sequence = 0
  #isRegistered = false

  constructor(options: PhoneOptions) {
    this.#options = options
    this.user = options.user
    this.#patienceMs = options.patienceMs ?? 8_000
    this.#lamps = new Lamps(
      (number, headers) =>
        this.#request('SUBSCRIBE', `sip:${number}@${this.#options.server}`, headers),
      this.#patienceMs,
    )
  }

  async open(): Promise<void> {
    const { server, address = '127.0.0.1', name, toneHz = 440, secret = '' } = this.#options
    const transport = await SipTransport.open(
      address,
      server,
      this.#patienceMs,
      (request, respond) => this.#take(request, respond),
    )
    this.#deps = {
      transport,
      server,
      credentials: { user: this.user, secret },
      self: `${name === undefined ? '' : `"${name}" `}<sip:${this.user}@${server}>`,
      toneHz,
      patienceMs: this.#patienceMs,
      done: (call) => this.#calls.delete(call.callId),
    }
  }

  get port(): number {
    return this.#opened().transport.port
  }

  register(expiresSeconds = 300): Promise<Registration> {
    return this.#register(expiresSeconds)
  }

  unregister(): Promise<Registration> {
    return this.#register(0)
  }

  async call(number: string): Promise<Call> {
    const call = await SipCall.dial(this.#opened(), number)
    this.#calls.set(call.callId, call)
    return call
  }

  async incoming(withinMs = this.#patienceMs): Promise<Call> {
    const ringing = this.#arrived.shift()
    if (ringing) return ringing
    const { promise, resolve } = Promise.withResolvers<Call>()
    this.#awaiting.push(resolve)
    try {
      return await withPatience(promise, withinMs, () => `nobody called ${this.user}`)
    } catch (cause) {
      this.#awaiting.splice(this.#awaiting.indexOf(resolve), 1)
      throw cause
    }
  }

  messages(isWanted: (messages: Messages) => boolean, withinMs?: number): Promise<Messages> {
    return this.#lamps.messages(this.user, isWanted, withinMs)
  }

  messagesUnasked(isWanted: (messages: Messages) => boolean, withinMs?: number): Promise<Messages> {
    return this.#lamps.messagesUnasked(isWanted, withinMs)
  }

  lamp(number: string, wanted: Lamp, withinMs?: number): Promise<void> {
    return this.#lamps.lamp(number, wanted, withinMs)
  }

  watch(number: string): Promise<Watch> {
    return this.#lamps.watch(number)
  }

  async vanish(): Promise<void> {
    this.#isRegistered = false
    await this[Symbol.asyncDispose]()
  }

  /** Signs off first, if the registrar still listens: nothing rings that is not there. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isRegistered) {
      await withPatience(this.unregister(), 1_000, () => 'not signed off').catch(() => undefined)
    }
    await Promise.all([...this.#calls.values()].map((call) => call[Symbol.asyncDispose]()))
    await this.#deps?.transport[Symbol.asyncDispose]()
  }

  async #register(expiresSeconds: number): Promise<Registration> {
    const challenges: SipResponse[] = []
    const response = await this.#request(
      'REGISTER',
      `sip:${this.#options.server}`,
      [['Expires', String(expiresSeconds)]],
      (challenge) => challenges.push(challenge),
    )
    this.#isRegistered = response.status === 200 && expiresSeconds > 0
    return {
      status: response.status,
      reason: response.reason,
      contacts: response.headers.filter(([name]) => name === 'contact').map(([, value]) => value),
      algorithm: challenges[0] ? challengedBy(challenges[0]) : null,
    }
  }

  /** Outside a dialog; answers one challenge. */
  async #request(
    method: string,
    uri: string,
    more: SipHeaders,
    onChallenge?: (response: SipResponse) => void,
  ): Promise<SipResponse> {
    const { transport, credentials, self } = this.#opened()
    const from = `${self};tag=${randomBytes(6).toString('hex')}`
    const callId = method === 'REGISTER' ? this.#callId : randomBytes(12).toString('hex')
    const attempt = (authorization: SipHeaders): Promise<SipResponse> => {
      const headers: SipHeaders = [
        ['From', from],
        ['To', `<${method === 'REGISTER' ? `sip:${this.user}@${this.#options.server}` : uri}>`],
        ['Call-ID', callId],
        ['CSeq', `${++this.#sequence} ${method}`],
        [
          'Contact',
          `<sip:${this.#options.contactUser ?? this.user}@${transport.address}:${transport.port}>`,
        ],
        ['User-Agent', 'rig-phone'],
        ...more,
        ...authorization,
      ]
      return transport.request({ method, uri, headers }).final
    }
    const first = await attempt([])
    const answer = answerChallenge(first, { method, uri }, credentials)
    if (answer === undefined) return first
    onChallenge?.(first)
    return attempt([answer])
  }

  #take(request: SipRequest, respond: Respond): void {
    const call = this.#calls.get(header(request, 'call-id') ?? '')
    if (call) return call.take(request, respond)
    switch (request.method) {
      case 'INVITE':
        void this.#ring(request, respond)
        return
      case 'NOTIFY':
        respond(200, 'OK')
        this.#lamps.take(request)
        return
      case 'OPTIONS':
        this.optionsTaken++
        respond(200, 'OK', [['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, UPDATE']])
        return
      default:
        respond(481, 'Call/Transaction Does Not Exist')
    }
  }

  async #ring(request: SipRequest, respond: Respond): Promise<void> {
    const call = await SipCall.take(this.#opened(), request, respond)
    this.#calls.set(call.callId, call)
    const waiting = this.#awaiting.shift()
    if (this.#options.onIncoming) this.#options.onIncoming(call)
    else if (waiting) waiting(call)
    else this.#arrived.push(call)
  }

  #opened(): CallDeps {
    if (this.#deps === undefined) throw new Error(`phone ${this.user} is not open`)
    return this.#deps
  }
}
