import type { Call, CallEnd, CallState } from './phone-call.ts'
import { Dialog } from './phone-dialog.ts'
import { answerChallenge } from './phone-digest.ts'
import { Display, type Party } from './phone-display.ts'
import {
  decodeAddress,
  header,
  userOf,
  type SipHeaders,
  type SipRequest,
  type SipResponse,
} from './phone-message.ts'
import { withPatience } from './phone-patience.ts'
import { RtpStream } from './phone-rtp.ts'
import { decodeSdp, encodeSdp } from './phone-sdp.ts'
import { Sound } from './phone-sound.ts'
import type { CallDeps } from './phone-call-deps.ts'
import type { Outgoing, Respond, Sent } from './phone-transport.ts'

const events = 101
const sdpType = ['Content-Type', 'application/sdp'] as const

interface Invite {
  readonly request: SipRequest
  readonly respond: Respond
}

export class SipCall extends Sound implements Call, AsyncDisposable {
  readonly direction: 'in' | 'out'
  readonly from: Party
  readonly to: string
  state: CallState = 'calling'
  readonly #deps: CallDeps
  readonly #rtp: RtpStream
  readonly #display: Display
  readonly #dialog: Dialog
  readonly #invite: Invite | undefined
  readonly #ringing = Promise.withResolvers<void>()
  readonly #talking = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<CallEnd>()
  #sent: { readonly out: Outgoing; readonly sent: Sent } | undefined
  #isCancelled = false

  constructor(deps: CallDeps, rtp: RtpStream, dialog: Dialog, to: string, invite?: Invite) {
    super(rtp, deps.patienceMs)
    this.#deps = deps
    this.#rtp = rtp
    this.#dialog = dialog
    this.#invite = invite
    this.direction = invite === undefined ? 'out' : 'in'
    this.to = to
    const caller = decodeAddress(invite === undefined ? dialog.local : dialog.remote)
    this.from = { name: caller.name, number: userOf(caller.uri) }
    this.#display = new Display(invite === undefined ? { name: null, number: to } : this.from)
    if (invite) this.#display.take(invite.request)
    // A call that nobody waits for may fail without a word.
    for (const { promise } of [this.#ringing, this.#talking, this.#ended]) {
      promise.catch(() => undefined)
    }
  }

  static async dial(deps: CallDeps, number: string): Promise<SipCall> {
    const rtp = await RtpStream.open(deps.transport.address, deps.toneHz)
    const dialog = Dialog.toNumber(number, deps.self, deps.server)
    const call = new SipCall(deps, rtp, dialog, number)
    void call.#call()
    return call
  }

  static async take(deps: CallDeps, request: SipRequest, respond: Respond): Promise<SipCall> {
    const rtp = await RtpStream.open(deps.transport.address, deps.toneHz)
    const dialog = Dialog.ofInvite(request)
    const call = new SipCall(deps, rtp, dialog, userOf(request.uri), { request, respond })
    call.state = 'ringing'
    call.#ringing.resolve()
    respond(180, 'Ringing', [['To', dialog.local], call.#contact()])
    return call
  }

  get callId(): string {
    return this.#dialog.callId
  }

  ringing(): Promise<void> {
    return this.#inTime(this.#ringing.promise, 'does not ring')
  }

  talking(): Promise<void> {
    return this.#inTime(this.#talking.promise, 'is not answered')
  }

  ended(withinMs = this.#deps.patienceMs): Promise<CallEnd> {
    return this.#inTime(this.#ended.promise, 'does not end', withinMs)
  }

  async answer(): Promise<void> {
    if (this.#invite === undefined)
      throw new Error('phone: only a call that came in can be answered')
    const { request, respond } = this.#invite
    const peer = decodeSdp(request.body)
    if (peer === undefined) {
      respond(488, 'Not Acceptable Here', [['To', this.#dialog.local]])
      this.#end({ by: 'us', status: 488 })
      throw new Error('phone: the call offers no PCMU')
    }
    this.#rtp.talkTo(peer)
    const head: SipHeaders = [['To', this.#dialog.local], this.#contact(), sdpType]
    respond(200, 'OK', head, this.#sdp())
    await this.talking()
  }

  refuse(status = 486, reason = 'Busy Here'): void {
    this.#invite?.respond(status, reason, [['To', this.#dialog.local]])
    this.#end({ by: 'us', status })
  }

  async hangUp(): Promise<void> {
    if (this.state === 'ended') return
    if (this.state === 'talking') {
      this.#end({ by: 'us', status: null })
      await this.#send('BYE')
    } else if (this.direction === 'in') {
      this.refuse(603, 'Decline')
    } else {
      this.#isCancelled = true
      if (this.state === 'ringing') this.#cancel()
      await this.ended()
    }
  }

  get shows(): Party {
    return this.#display.shown
  }

  showing(name: string, withinMs = this.#deps.patienceMs): Promise<Party> {
    return this.#display.until(name, withinMs)
  }

  transfer(number: string): Promise<void> {
    return this.#refer(`sip:${number}@${this.#deps.server}`)
  }

  async transferTo(other: Call): Promise<void> {
    if (!(other instanceof SipCall)) throw new Error('phone: only to a call of a telephone')
    await this.#refer(other.#dialog.replacing())
  }

  /** A request of this dialog other than the INVITE that began it. */
  take(request: SipRequest, respond: Respond): void {
    this.#display.take(request)
    switch (request.method) {
      case 'ACK':
        if (this.#invite) this.#deps.transport.acknowledged(this.#invite.request)
        if (this.state === 'ringing' && this.direction === 'in') this.#talk()
        return
      case 'CANCEL':
        respond(200, 'OK')
        this.#invite?.respond(487, 'Request Terminated', [['To', this.#dialog.local]])
        this.#end({ by: 'them', status: 487 })
        return
      case 'BYE':
        respond(200, 'OK')
        this.#end({ by: 'them', status: null })
        return
      case 'INVITE':
      case 'UPDATE': {
        const peer = decodeSdp(request.body)
        if (peer) this.#rtp.talkTo(peer)
        const hasOffer = request.method === 'INVITE' || peer !== undefined
        const head = [this.#contact(), ...(hasOffer ? [sdpType] : [])]
        respond(200, 'OK', head, hasOffer ? this.#sdp() : '')
        return
      }
      default:
        respond(200, 'OK')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp().catch(() => undefined)
    this.#end({ by: 'us', status: null })
    await this.#rtp[Symbol.asyncDispose]()
  }

  async #call(): Promise<void> {
    const body = this.#sdp()
    try {
      let authorization: SipHeaders = []
      for (;;) {
        const head: SipHeaders = [
          ...this.#dialog.head('INVITE'),
          this.#contact(),
          ...authorization,
          sdpType,
        ]
        const out = { method: 'INVITE', uri: this.#dialog.target, headers: head, body }
        const sent = this.#deps.transport.request(out, (response) => this.#progress(response))
        this.#sent = { out, sent }
        const response = await sent.final
        if (response.status < 300) return
        const answer = answerChallenge(response, out, this.#deps.credentials)
        if (authorization.length > 0 || answer === undefined || this.#isCancelled) {
          this.#end({ by: this.#isCancelled ? 'us' : 'them', status: response.status })
          return
        }
        authorization = [answer]
        this.#dialog.sequence++
      }
    } catch (cause) {
      for (const one of [this.#ringing, this.#talking, this.#ended]) one.reject(cause)
      this.#end({ by: 'us', status: 408 })
    }
  }

  #progress(response: SipResponse): void {
    this.#display.take(response)
    const peer = decodeSdp(response.body)
    if (peer) this.#rtp.talkTo(peer)
    if (response.status === 100) return
    if (response.status < 200) {
      if (this.state === 'calling') this.state = 'ringing'
      this.#ringing.resolve()
      if (this.#isCancelled) this.#cancel()
      return
    }
    this.#dialog.confirm(response)
    const inviteSequence = Number.parseInt(header(response, 'cseq') ?? '', 10)
    const head = this.#dialog.head('ACK', inviteSequence)
    this.#deps.transport.sendOnce({ method: 'ACK', uri: this.#dialog.target, headers: head })
    if (this.state === 'calling' || this.state === 'ringing') this.#talk()
    if (this.#isCancelled) void this.hangUp().catch(() => undefined)
  }

  #cancel(): void {
    if (this.#sent === undefined) return
    const { out, sent } = this.#sent
    const head = this.#dialog.head('CANCEL')
    this.#deps.transport.cancel({ method: 'CANCEL', uri: out.uri, headers: head }, sent.via)
  }

  async #refer(target: string): Promise<void> {
    const { status } = await this.#send('REFER', [
      this.#contact(),
      ['Refer-To', `<${target}>`],
      ['Referred-By', this.#deps.self],
    ])
    if (status >= 300) throw new Error(`phone: not handed over to ${target} (${status})`)
  }

  async #send(method: string, own: SipHeaders = []): Promise<SipResponse> {
    const attempt = (more: SipHeaders): Promise<SipResponse> => {
      this.#dialog.sequence++
      const head = [...this.#dialog.head(method), ...own, ...more]
      return this.#deps.transport.request({ method, uri: this.#dialog.target, headers: head }).final
    }
    const response = await attempt([])
    const asked = { method, uri: this.#dialog.target }
    const answer = answerChallenge(response, asked, this.#deps.credentials)
    return answer ? attempt([answer]) : response
  }

  #sdp(): string {
    return encodeSdp(this.#deps.transport.address, this.#rtp.port, events)
  }

  #contact(): readonly [string, string] {
    const { address, port } = this.#deps.transport
    return ['Contact', `<sip:${this.#deps.credentials.user}@${address}:${port}>`]
  }

  #talk(): void {
    this.state = 'talking'
    this.#ringing.resolve()
    this.#talking.resolve()
  }

  #end(end: CallEnd): void {
    if (this.state === 'ended') return
    this.state = 'ended'
    const told = new Error(`phone: call to ${this.to} ended (${end.status ?? 'hung up'})`)
    this.#ringing.reject(told)
    this.#talking.reject(told)
    this.#ended.resolve(end)
    void this.#rtp[Symbol.asyncDispose]()
    this.#deps.done(this)
  }

  #inTime<T>(promise: Promise<T>, trouble: string, withinMs?: number): Promise<T> {
    return withPatience(
      promise,
      withinMs ?? this.#deps.patienceMs,
      () => `call to ${this.to} ${trouble} (${this.state})`,
    )
  }
}
