import { hostname } from 'node:os'
import { createTransport } from 'nodemailer'
import { NotTaken, type Channel, type Told } from './channel.ts'
import { mailText } from './mail-text.ts'
import { connectionOptions } from './mail-server.ts'
import { mailTrouble } from './mail-trouble.ts'
import type { MailOptions } from './options.ts'

/** Sends a mail for each notice, over a connection of its own. */
export function mail(options: MailOptions): Channel {
  return {
    name: 'mail',
    async deliver(told) {
      const { user, password = '' } = options
      try {
        const transport = createTransport({
          ...(await connectionOptions(options)),
          ...(user === undefined ? {} : { auth: { user, pass: password } }),
          // What a notice says comes from outside: nothing in it names a file or an address to fetch.
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        await transport.sendMail(message(told, options))
        transport.close()
      } catch (error) {
        const { text, isRefusal } = mailTrouble(error, options)
        throw isRefusal ? new NotTaken(text) : new Error(text)
      }
    },
  }
}

function message(told: Told, { to, from = usualSender() }: MailOptions) {
  const { subject, text } = mailText(told)
  return {
    from: { name: 'Peerage', address: from },
    to: [to].flat().map((address) => ({ name: '', address })),
    subject,
    text,
    date: new Date(told.at),
    // The same at every try: should a connection break after the mail was taken, it is one mail.
    messageId: `<notice-${told.id}.${told.at}@${domainOf(from)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

function usualSender(): string {
  return `peerage@${hostname()}`
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
