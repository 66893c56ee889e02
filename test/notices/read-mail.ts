import type { TakenMail } from './fake-smtp.ts'

export interface ReadMail {
  /** Names in lower case, unfolded and decoded. A header that comes twice shows both. */
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

/** As a mail program shows it (RFC 5322, 2045, 2047). */
export function readMail({ source }: TakenMail): ReadMail {
  const end = source.indexOf('\r\n\r\n')
  const headers = new Map<string, string>()
  for (const line of source
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const key = name.toLowerCase()
    headers.set(key, [headers.get(key), decodeWords(value)].filter(Boolean).join(' | '))
  }
  const body = source.slice(end + 4)
  const encoding = headers.get('content-transfer-encoding')
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? unquote(body.replaceAll(/=\r\n/g, ''))
        : Buffer.from(body)
  return { headers, text: bytes.toString() }
}

function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : unquote(text.replaceAll('_', ' ')).toString(),
    )
}

function unquote(text: string): Buffer {
  const latin = Buffer.from(text).toString('latin1')
  const plain = latin.replaceAll(/=([\dA-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(plain, 'latin1')
}
