import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { connectionOptions } from './mail-server.ts'
import { mailTrouble } from './mail-trouble.ts'
import type { MailOptions } from './options.ts'

export interface MailStep {
  readonly step: 'connect' | 'ehlo' | 'tls' | 'auth' | 'send'
  readonly ok: boolean
  /** What was found, or what failed and the remedy. */
  readonly detail: string
  readonly tookMs: number
}

/** The mail server step by step up to the log-in; nothing is sent. Never throws. */
export async function* checkMail(options: MailOptions): AsyncGenerator<MailStep, void> {
  let connection: SMTPConnection | null = null
  let begun = performance.now()
  const step = (step: MailStep['step'], ok: boolean, detail: string): MailStep => {
    const tookMs = performance.now() - begun
    begun = performance.now()
    return { step, ok, detail, tookMs }
  }
  try {
    const { host, port, ...how } = await connectionOptions(options)
    connection = new SMTPConnection({ host, port, ...how })
    await connect(connection)
    yield step('connect', true, `${host} port ${port}`)
    yield step('ehlo', true, features(connection))
    if (connection.secure) yield step('tls', true, options.verify ? 'verified' : 'NOT verified')
    else if (options.user !== undefined) yield step('tls', true, 'none: in clear text')
    const { user, password = '' } = options
    if (user === undefined) return
    await login(connection, user, password)
    yield step('auth', true, `as ${user}`)
  } catch (error) {
    const { step: failed, text } = mailTrouble(error, options)
    yield step(failed, false, text)
  } finally {
    connection?.quit()
    connection?.close()
  }
}

function connect(connection: SMTPConnection): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  connection.once('error', reject)
  // After the first error there may be others, which would end the process without a listener.
  connection.on('error', () => undefined)
  connection.once('end', () => reject(new Error('the server closed the connection')))
  connection.connect((error) => (error ? reject(error) : resolve()))
  return promise
}

function login(connection: SMTPConnection, user: string, password: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  connection.once('error', reject)
  connection.login({ user, credentials: { user, pass: password } }, (error) => {
    if (error) reject(error)
    else resolve()
  })
  return promise
}

function features({ allowsAuth, secure }: SMTPConnection): string {
  return `${secure ? 'with' : 'without'} TLS, ${allowsAuth ? 'with' : 'without'} log-in`
}
