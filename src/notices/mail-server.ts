import { readFile } from 'node:fs/promises'
import { isLoopback } from '../loopback.ts'
import type { MailOptions } from './options.ts'

export interface MailServer {
  readonly host: string
  /** Null: what is usual. */
  readonly port: number | null
  /** TLS from the first byte. */
  readonly isSecure: boolean
}

/** `smtp://host[:port]` or `smtps://…`; a sentence about what is wrong with anything else. */
export function parseMailServer(smtp: string): MailServer | string {
  const url = URL.parse(smtp)
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    return 'is not the address of a mail server; expected smtp://host[:port] or smtps://host[:port]'
  }
  if (url.username || url.password) {
    return 'has a user or password in it; write them beside it as user and passwordFile'
  }
  if (!['', '/'].includes(url.pathname) || url.search || url.hash) {
    return 'has something behind the host; expected smtp://host[:port] or smtps://host[:port]'
  }
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? null : Number(url.port),
    isSecure: url.protocol === 'smtps:',
  }
}

/** How nodemailer is told to connect. Reads `caFile` anew, so that a renewed one counts. */
export async function connectionOptions(options: MailOptions) {
  const server = parseMailServer(options.smtp)
  if (typeof server === 'string') throw new Error(`mail.smtp ${server}`)
  const { host, isSecure } = server
  const { user, caFile, verify, timeoutMs } = options
  const usual = isSecure ? 465 : user === undefined ? 25 : 587
  const local = isLoopback(host) ? 'none' : user === undefined ? 'offered' : 'starttls'
  const tls = options.tls ?? local
  return {
    host,
    port: server.port ?? usual,
    secure: isSecure,
    requireTLS: !isSecure && tls === 'starttls',
    ignoreTLS: !isSecure && tls === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    tls: {
      rejectUnauthorized: verify,
      ...(caFile === undefined ? {} : { ca: await readFile(caFile) }),
    },
  }
}
