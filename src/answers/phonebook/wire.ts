import type { PhoneAnswer, PhoneRequest } from './request.ts'
import { xmlType } from './vendor.ts'

/** A document that is made for one request. */
export function document(
  type: string | undefined,
  text: string,
  more: Readonly<Record<string, string>> = {},
): PhoneAnswer {
  return {
    status: 200,
    headers: { 'content-type': type ?? xmlType, 'cache-control': 'no-store', ...more },
    body: Buffer.from(text),
  }
}

/** No document: what a phone is refused with. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): PhoneAnswer {
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: Buffer.alloc(0),
  }
}

export function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?!;\s*q=0(?:\.0*)?\s*(?:,|$))(?:;|,|$)/i.test(String(header ?? ''))
}

/** Where the phone found us, by its own words. */
export function originOf({
  headers,
  isSecure,
}: Pick<PhoneRequest, 'headers' | 'isSecure'>): string {
  const host = headers['host']
  const named = typeof host === 'string' && /^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'
  return `${isSecure ? 'https' : 'http'}://${named}`
}
