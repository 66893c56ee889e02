/** SIP messages as text (RFC 3261, 7 and 25), as far as a phone on UDP needs them. */
export type SipMessage = SipRequest | SipResponse

export interface SipRequest {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: SipHeaders
  readonly body: string
}

export interface SipResponse {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: SipHeaders
  readonly body: string
}

/** In the order on the wire; names in their long form and in lower case after decoding. */
export type SipHeaders = readonly (readonly [name: string, value: string])[]

export interface SipAddress {
  /** The display name, unquoted; null when there is none. */
  readonly name: string | null
  readonly uri: string
  readonly tag: string | null
}

const compactNames: Readonly<Record<string, string>> = {
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
}

/** `undefined` for what is no SIP message (keep-alives, garbage). */
export function decodeMessage(data: Buffer): SipMessage | undefined {
  const text = data.toString('utf8')
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  // A line that begins with white space continues the one before.
  const [start = '', ...lines] = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    return [compactNames[name] ?? name, line.slice(colon + 1).trim()] as const
  })
  const body = text.slice(end + 4)
  const status = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start)
  if (status) {
    const [, code = '', reason = ''] = status
    return { kind: 'response', status: Number(code), reason, headers, body }
  }
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(start)
  if (!request) return undefined
  const [, method = '', uri = ''] = request
  return { kind: 'request', method, uri, headers, body }
}

export function encodeMessage(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const body = Buffer.from(message.body)
  const lines = message.headers.map(([name, value]) => `${name}: ${value}`)
  const head = [start, ...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head), body])
}

export function header(
  message: { readonly headers: SipHeaders },
  name: string,
): string | undefined {
  return message.headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

export function headers(message: { readonly headers: SipHeaders }, name: string): string[] {
  return message.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}

/** A From, To or Contact value: `"Zoë" <sip:501@host>;tag=x`, or without name and brackets. */
export function decodeAddress(value: string): SipAddress {
  const bracketed = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>(.*)$/s.exec(value)
  const [uri, rest] = bracketed
    ? [bracketed[3] ?? '', bracketed[4] ?? '']
    : [value.split(';')[0]?.trim() ?? '', value]
  const name = bracketed?.[1]?.replaceAll(/\\(.)/g, '$1') ?? bracketed?.[2] ?? ''
  return { name: name === '' ? null : name, uri, tag: /;tag=([^;>\s]+)/.exec(rest)?.[1] ?? null }
}

/** `501` of `sip:501@host:5060;user=phone`. */
export function userOf(uri: string): string {
  return decodeURIComponent(/^sips?:([^@;]*)@/.exec(uri)?.[1] ?? '')
}
