import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { isLoopback } from '../loopback.ts'
import { parseMailServer } from './mail-server.ts'

const mailOptions = Type.Object(
  {
    to: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
      description: 'Who is told: one address, or several.',
      examples: ['telephony@example.org'],
    }),
    from: Type.Optional(
      Type.String({ description: 'Sender; default: peerage@ and the name of this machine.' }),
    ),
    smtp: Type.String({
      default: 'smtp://localhost',
      description:
        'Mail server: smtp://host[:port] (port 25, or 587 with a user), or smtps://host[:port] (TLS from the first byte, port 465).',
    }),
    user: Type.Optional(Type.String({ description: 'Whom to log in as at the mail server.' })),
    password: Type.Optional(Type.String({ description: 'Password of that user.' })),
    passwordFile: Type.Optional(
      Type.String({ description: 'File that holds the password instead.' }),
    ),
    tls: Type.Optional(
      Type.Union([Type.Literal('starttls'), Type.Literal('offered'), Type.Literal('none')], {
        description:
          'Of smtp:// addresses: starttls demands TLS (default with a user), offered takes it where the server has it (default without a user), none leaves it (default on this machine).',
      }),
    ),
    caFile: Type.Optional(
      Type.String({
        description: 'Authority that signed its certificate (PEM), if not a usual one.',
      }),
    ),
    verify: Type.Boolean({ default: true, description: 'Whether its certificate is checked.' }),
    timeoutMs: Type.Integer({
      default: 20_000,
      minimum: 100,
      description: 'Longest silence of the mail server.',
    }),
  },
  {
    additionalProperties: false,
    description:
      'Mail when a source fails, when it works again, and when a plan is held or expires: once each.',
  },
)

export type MailOptions = Static<typeof mailOptions>

const webhookOptions = Type.Object(
  {
    webhook: Type.String({
      description:
        'Where a JSON text is posted when a source fails, when it works again, and when a plan is held or expires: once each.',
      examples: ['http://127.0.0.1:9000/peerage'],
    }),
    timeoutMs: Type.Integer({
      default: 5000,
      minimum: 100,
      description: 'How long to wait for its answer.',
    }),
  },
  { additionalProperties: false, description: 'Who is told of trouble, beside `mail`.' },
)

export type WebhookOptions = Static<typeof webhookOptions>

export const noticeProperties = {
  mail: Type.Optional(mailOptions),
  notify: Type.Optional(webhookOptions),
}

const noticeOptions = Type.Object(noticeProperties)
export type NoticeOptions = Static<typeof noticeOptions>

export function checkNotices({ mail, notify }: NoticeOptions): Complaint[] {
  return [...(mail ? checkMail(mail) : []), ...(notify ? checkWebhook(notify) : [])]
}

function checkWebhook({ webhook }: WebhookOptions): Complaint[] {
  if (/^https?:$/.test(URL.parse(webhook)?.protocol ?? '')) return []
  const problem = 'is not an address to post to; expected http:// or https://'
  return [{ path: 'notify.webhook', problem, example: 'http://127.0.0.1:9000/peerage' }]
}

/** One address and nothing else: no list, no name, no line of a header. */
const address = /^[^\s\p{C}@<>(),;:"\\[\]]{1,64}@[^\s\p{C}@<>(),;:"\\[\]]{1,255}$/u

function checkMail(mail: MailOptions): Complaint[] {
  const complaints: Complaint[] = []
  const addresses = [
    ...[mail.to].flat().map((to) => ['mail.to', to] as const),
    ...(mail.from === undefined ? [] : [['mail.from', mail.from] as const]),
  ]
  for (const [path, text] of addresses) {
    if (address.test(text)) continue
    const problem = `${JSON.stringify(text)} is no mail address; expected name@domain and nothing else`
    complaints.push({ path, problem, example: 'telephony@example.org' })
  }
  const server = parseMailServer(mail.smtp)
  if (typeof server === 'string') {
    complaints.push({ path: 'mail.smtp', problem: server, example: 'smtp://mail.example.org:587' })
    return complaints
  }
  const { user, password, tls } = mail
  if (user !== undefined && !password) {
    const problem = 'is missing; expected the password of mail.user'
    complaints.push({ path: 'mail.password', problem, example: 'passwordFile: /run/secrets/mail' })
  }
  if (user === undefined && password) {
    complaints.push({ path: 'mail.user', problem: 'is missing; a password alone says nothing' })
  }
  if (server.isSecure && tls !== undefined) {
    const problem = 'has no meaning for an smtps:// address, which is always TLS'
    complaints.push({ path: 'mail.tls', problem })
  }
  if (user !== undefined && !server.isSecure && !isLoopback(server.host) && tls === 'offered') {
    const problem = 'could send the password in clear text; expected starttls, or none if it may'
    complaints.push({ path: 'mail.tls', problem, example: 'starttls' })
  }
  return complaints
}
