import type { Question } from './vendor.ts'

/** What a phone sent, as it came from the wire. */
export interface PhoneRequest {
  readonly method: string
  /** Begins with `/pb/`; each character is one byte, as node:http gives it. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly address: string
  /** Over TLS. */
  readonly isSecure: boolean
}

/** What goes back. Never an error page: a phone would show it, or choke on it. */
export interface PhoneAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export const prefix = '/pb/'

/** `/pb/MAKER/PLACE/FORM/OFFSET/SIZE?query`; the place is a token or the name of a view. */
export interface Target extends Question {
  readonly vendor: string
  readonly place: string
  /** What follows; phones put folders in front of a file name, and numbers are ours. */
  readonly names: readonly string[]
  readonly numbers: readonly number[]
}

/** Understands whatever may come: phones encode badly, or not at all, and append with `?` or `&`. */
export function readTarget(url: string): Target {
  const [path = '', ...queries] = url.slice(prefix.length).split('?')
  const [vendor = '', place = '', ...rest] = path
    .split('/')
    .slice(0, 20)
    .map((part) => decode(part))
  const names = rest.filter((part) => !/^\d*$/.test(part))
  const numbers = rest.filter((part) => /^\d{1,9}$/.test(part)).map(Number)
  const query = new Map<string, string>()
  for (const pair of queries.join('&').split('&').slice(0, 100)) {
    const at = pair.indexOf('=')
    const name = decode(at === -1 ? pair : pair.slice(0, at))
    if (name !== '' && !query.has(name))
      query.set(name, at === -1 ? '' : decode(pair.slice(at + 1).replaceAll('+', ' ')))
  }
  return { vendor: vendor.toLowerCase(), place, names, numbers, query }
}

/** Percent-encoded or raw, UTF-8 or, where it is none, Latin-1. */
function decode(text: string): string {
  const bytes = Buffer.from(
    text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    'latin1',
  )
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What was typed: no control characters, and short; `#SEARCH` is sent by phones that ask nothing. */
export function cleanTerm(text: string): string {
  const term = text
    .slice(0, 100)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ')
    .trim()
  return /^#?SEARCH$/.test(term) || /^__\w__$/.test(term) ? '' : term
}

/** Null for what is no count; never below 0. */
export function readCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}
