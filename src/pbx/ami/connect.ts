import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { isLoopback } from '../../loopback.ts'
import type { AmiOptions } from '../options.ts'
import { AmiConnection } from './connection.ts'
import { AmiGarbled } from './message.ts'

export interface AmiTimes {
  /** Longest silence while something is expected, in milliseconds. */
  readonly timeoutMs: number
}

/** Asterisk does not let us in; asking again soon would look like an attack. */
export class AmiRefused extends Error {
  override name = 'AmiRefused'
  code = 'AMI_REFUSED' as const
}

/** No connection. The message says why and what to look at. */
export class AmiUnreachable extends Error {
  override name = 'AmiUnreachable'
  code = 'AMI_UNREACHABLE' as const
}

/**
 * Connects and logs in. Throws `AmiUnreachable` and `AmiRefused`. `path` is where the options stand
 * in the configuration; `onLost` is told when the open connection is gone. The signal closes it.
 */
export async function connectAmi(
  options: AmiOptions,
  path: string,
  { timeoutMs }: AmiTimes,
  onLost: () => void,
  signal: AbortSignal,
): Promise<AmiConnection> {
  let ami: AmiConnection | undefined
  const close = () => void ami?.[Symbol.asyncDispose]()
  try {
    ami = new AmiConnection(openSocket(options), timeoutMs, () => {
      signal.removeEventListener('abort', close)
      onLost()
    })
    signal.addEventListener('abort', close)
    if (signal.aborted) close()
    await ami.greeting
    await logIn(ami, options, path)
    return ami
  } catch (error) {
    await ami?.[Symbol.asyncDispose]()
    throw error instanceof AmiRefused ? error : unreachable(error, options, path)
  }
}

function openSocket({ host, port, tls, caFile }: AmiOptions): Socket {
  if (!tls) return connectTcp({ host, port })
  return connectTls({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
  })
}

/** By challenge, so that the password does not travel; in plain where nobody can listen. */
async function logIn(ami: AmiConnection, options: AmiOptions, path: string): Promise<void> {
  const { user, password = '', host, port, tls } = options
  const challenge = await ami.ask('Challenge', { AuthType: 'MD5' })
  const text = challenge.get('challenge')
  const mayBePlain = tls || isLoopback(host)
  if (text === undefined && !mayBePlain) {
    throw new AmiRefused(
      `the manager interface of ${host}:${port} offers no MD5 challenge, and the password is not sent in clear; set ${path}.tls`,
    )
  }
  const proof =
    text === undefined
      ? { Secret: password }
      : { AuthType: 'MD5', Key: createHash('md5').update(`${text}${password}`).digest('hex') }
  const answer = await ami.ask('Login', { Username: user, ...proof, Events: 'off' })
  if (answer.get('response') === 'Success') return
  const reason = answer.get('message') ?? 'no reason given'
  throw new AmiRefused(
    `AMI user '${user}' refused by ${host}:${port} (${reason}); check ${path}.user and its password, and in manager.conf [${user}]: secret, permit`,
  )
}

function unreachable(error: unknown, { host, port, caFile }: AmiOptions, path: string): Error {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  const where = `${host}:${port}`
  const because = (text: string) => new AmiUnreachable(text, { cause: error })
  if (error instanceof AmiGarbled) {
    return because(`${where} is no manager interface (${message}); check ${path}.port and .tls`)
  }
  switch (code) {
    case 'ECONNREFUSED':
      return because(
        `nobody listens on ${where}; is Asterisk running, with enabled = yes in manager.conf?`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return because(`the name ${host} is not known; check ${path}.host`)
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return because(`the certificate of ${where} is for another name; check ${path}.host`)
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return because(`${where} does not speak TLS; check ${path}.port and .tls`)
    case 'ENOENT':
    case 'EACCES':
      return because(`${path}.caFile ${caFile} cannot be read (${code})`)
    default:
      return /CERT|SELF_SIGNED|ISSUER|LEAF/.test(code)
        ? because(`the certificate of ${where} is not trusted (${code}); check ${path}.caFile`)
        : because(`no connection to ${where}: ${message}`)
  }
}
