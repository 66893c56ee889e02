import { randomBytes } from 'node:crypto'
import {
  decodeAddress,
  header,
  type SipHeaders,
  type SipRequest,
  type SipResponse,
} from './phone-message.ts'

/** What two telephones agreed on for the messages of one call (RFC 3261, 12). */
export class Dialog {
  readonly callId: string
  /** From of what we send. */
  readonly local: string
  /** To of what we send; carries the other side's tag as soon as it is known. */
  remote: string
  /** Request URI: where the other side is reached. */
  target: string
  sequence = 1
  #routes: SipHeaders

  constructor(callId: string, local: string, remote: string, target: string, routes: SipHeaders) {
    this.callId = callId
    this.local = `${local};tag=${randomBytes(6).toString('hex')}`
    this.remote = remote
    this.target = target
    this.#routes = routes
  }

  static toNumber(number: string, self: string, server: string): Dialog {
    // Encoded is only what cannot stand in the user part; `+` and `*` can.
    const user = encodeURIComponent(number).replaceAll('%2B', '+')
    const target = `sip:${user}@${server}`
    return new Dialog(randomBytes(12).toString('hex'), self, `<${target}>`, target, [])
  }

  static ofInvite(invite: SipRequest): Dialog {
    const contact = decodeAddress(header(invite, 'contact') ?? '').uri
    const [to = '', from = ''] = [header(invite, 'to'), header(invite, 'from')]
    return new Dialog(header(invite, 'call-id') ?? '', to, from, contact, routesOf(invite.headers))
  }

  /** Takes the other side's tag, address and route from its 2xx. */
  confirm(response: SipResponse): void {
    this.remote = header(response, 'to') ?? this.remote
    this.#routes = routesOf(response.headers).toReversed()
    const contact = decodeAddress(header(response, 'contact') ?? '').uri
    if (contact !== '') this.target = contact
  }

  /** Address that the one who calls it takes this dialog over with (RFC 3891). */
  replacing(): string {
    const tagOf = (address: string) => /;tag=([^;>\s]+)/.exec(address)?.[1] ?? ''
    // From the other side's view `to` is its own tag.
    const replaces = `${this.callId};to-tag=${tagOf(this.remote)};from-tag=${tagOf(this.local)}`
    return `${this.target}?Replaces=${encodeURIComponent(replaces)}`
  }

  head(method: string, sequence = this.sequence): SipHeaders {
    return [
      ...this.#routes,
      ['From', this.local],
      ['To', this.remote],
      ['Call-ID', this.callId],
      ['CSeq', `${sequence} ${method}`],
    ]
  }
}

function routesOf(headers: SipHeaders): SipHeaders {
  return headers
    .filter(([name]) => name.toLowerCase() === 'record-route')
    .map(([, value]) => ['Route', value] as const)
}
