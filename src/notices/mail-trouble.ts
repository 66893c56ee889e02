import { oneLine } from './one-line.ts'
import type { MailOptions } from './options.ts'

export interface MailTrouble {
  /** Which step: `connect`, `ehlo`, `tls`, `auth`, or what came after. */
  readonly step: 'connect' | 'ehlo' | 'tls' | 'auth' | 'send'
  /** What failed and the remedy; never the password. */
  readonly text: string
  /** The server means it: the same again would be refused again. */
  readonly isRefusal: boolean
}

/** The parts of nodemailer's errors that are read here. */
interface MailError {
  readonly message: string
  readonly code?: string
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
}

export function mailTrouble(error: unknown, options: MailOptions): MailTrouble {
  const failed = (error instanceof Error ? error : new Error(String(error))) as MailError
  const step = stepOf(failed)
  const isRefusal = (failed.responseCode ?? 0) >= 500
  const said = withoutPassword(oneLine(failed.response || failed.message, 300), options)
  return {
    step,
    isRefusal,
    text: `mail server ${options.smtp}: ${words[step]}: ${said}${remedy(step, failed)}`,
  }
}

function stepOf({ code = '', command = '', message }: MailError): MailTrouble['step'] {
  if (code === 'EAUTH' || command.startsWith('AUTH')) return 'auth'
  if (code === 'ETLS' || command === 'STARTTLS' || isCertificate(code, message)) return 'tls'
  if (/^(EHLO|HELO)$/.test(command)) return 'ehlo'
  if (['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'EPROTOCOL'].includes(code)) return 'connect'
  return 'send'
}

function isCertificate(code: string, message: string): boolean {
  return /CERT|SELF_SIGNED/.test(code) || /certificate|TLS|SSL/i.test(message)
}

const words: Readonly<Record<MailTrouble['step'], string>> = {
  connect: 'no connection',
  ehlo: 'the greeting failed',
  tls: 'TLS failed',
  auth: 'log-in refused',
  send: 'the mail was not taken',
}

function remedy(step: MailTrouble['step'], { code, command }: MailError): string {
  switch (step) {
    case 'tls':
      return '; check mail.smtp, mail.caFile and mail.tls'
    case 'auth':
      return code === 'EAUTH' && command === 'API'
        ? '; the server offers no log-in that is known here'
        : '; check mail.user and mail.password'
    case 'send':
      return '; check mail.to and mail.from'
    default:
      return '; check mail.smtp'
  }
}

/** A server may repeat what it was told, in clear text or as it was sent. */
function withoutPassword(text: string, { user = '', password }: MailOptions): string {
  if (!password) return text
  const sent = [`\0${user}\0${password}`, password]
  const forms = sent.flatMap((form) => [form, Buffer.from(form).toString('base64')])
  return forms.reduce((rest, form) => rest.replaceAll(form, '(password)'), text)
}
