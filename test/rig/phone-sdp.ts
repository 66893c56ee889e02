import type { RtpPeer } from './phone-rtp.ts'

/** An offer or answer of PCMU and telephone events, and nothing else (RFC 4566, 3264). */
export function encodeSdp(address: string, port: number, events: number): string {
  return [
    'v=0',
    `o=- ${Date.now()} 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 ${events}`,
    'a=rtpmap:0 PCMU/8000',
    `a=rtpmap:${events} telephone-event/8000`,
    `a=fmtp:${events} 0-16`,
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n')
}

/** Where the other side listens; `undefined` without audio that we understand. */
export function decodeSdp(body: string): RtpPeer | undefined {
  const media = /^m=audio (\d+) \S+ ([\d ]+)/m.exec(body)
  const host = /^c=IN IP4 (\S+)/m.exec(body)?.[1]
  if (media === null || host === undefined) return undefined
  const [, port = '0', formats = ''] = media
  if (!formats.split(' ').includes('0')) return undefined
  const events = /^a=rtpmap:(\d+) telephone-event\/8000/m.exec(body)?.[1]
  return { host, port: Number(port), events: events === undefined ? null : Number(events) }
}
