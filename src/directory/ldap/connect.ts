import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { type Socket, connect as connectTcp, isIP } from 'node:net'
import {
  type ConnectionOptions,
  type TLSSocket,
  connect as connectTls,
  getCACertificates,
} from 'node:tls'
import { BindRequest, ExtendedRequest } from 'ldapts'
import { Channel } from './channel.ts'
import { bindRefusal, inWords } from './result-codes.ts'
import { type Server, serverUrl } from './server.ts'
import { tlsSummary, tlsTrouble } from './tls-words.ts'
import { ready, within } from './waiting.ts'

export interface ConnectOptions {
  /** Null binds nobody: the server sees an anonymous user. */
  readonly bind: { readonly user: string; readonly password: string } | null
  readonly caFile: string | null
  /** The name that the certificate must hold, if it is another than the host. */
  readonly serverName: string | null
  readonly verify: boolean
  /** For each step on its own. */
  readonly connectMs: number
}

export type ConnectStep = 'dns' | 'tcp' | 'tls' | 'bind'

/** One step towards a server failed. The message names server and step. */
export class StepFailed extends Error {
  override name = 'StepFailed'
  readonly step: ConnectStep
  /** What failed, without the server's name. */
  readonly reason: string
  /** The server knows us and said no: to ask the next one would only count towards a lockout. */
  readonly isRefusal: boolean

  constructor(
    server: Server,
    step: ConnectStep,
    reason: string,
    cause?: unknown,
    isRefusal = false,
  ) {
    super(`${serverUrl(server)}: ${step}: ${reason}`, { cause })
    this.step = step
    this.reason = reason
    this.isRefusal = isRefusal
  }
}

/** Hears of each step that went well. */
export type StepObserver = (step: ConnectStep, detail: string) => void

/**
 * Name, TCP, TLS, bind: a channel that is ready to be asked, or `StepFailed`. Every step has its own
 * timer, and whatever fails leaves no socket behind.
 */
export async function connect(
  server: Server,
  options: ConnectOptions,
  signal: AbortSignal,
  observe: StepObserver = () => {},
): Promise<Channel> {
  signal.throwIfAborted()
  await resolveName(server, options, signal, observe)
  let socket = await openTcp(server, options, signal, observe)
  if (server.tls === 'starttls') socket = await askForTls(server, socket, options, signal)
  if (server.tls !== 'none') socket = await startTls(server, socket, options, signal, observe)
  const channel = new Channel(socket)
  try {
    await bind(server, channel, options, signal)
    observe('bind', options.bind ? `as ${options.bind.user}` : 'anonymous')
    return channel
  } catch (error) {
    await channel[Symbol.asyncDispose]()
    throw error
  }
}

async function resolveName(
  server: Server,
  options: ConnectOptions,
  signal: AbortSignal,
  observe: StepObserver,
): Promise<void> {
  if (isIP(server.host)) return
  try {
    const found = await within(lookup(server.host, { all: true }), options.connectMs, signal)
    observe('dns', `${server.host} is ${found.map(({ address }) => address).join(', ')}`)
  } catch (error) {
    signal.throwIfAborted()
    const code = error instanceof Error && 'code' in error ? error.code : 'no answer in time'
    throw new StepFailed(server, 'dns', `the name ${server.host} is not known (${code})`, error)
  }
}

async function openTcp(
  server: Server,
  options: ConnectOptions,
  signal: AbortSignal,
  observe: StepObserver,
): Promise<Socket> {
  const socket = connectTcp({
    host: server.host,
    port: server.port,
    noDelay: true,
    keepAlive: true,
  })
  // Between two steps nobody else listens, and an error without a listener ends the process.
  socket.on('error', () => {})
  try {
    await ready(socket, 'connect', options.connectMs, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw new StepFailed(server, 'tcp', tcpTrouble(error), error)
  }
  observe('tcp', `${socket.remoteAddress ?? server.host} port ${server.port}`)
  return socket
}

function tcpTrouble(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)'
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `no way to the host (${code})`
  return error instanceof Error ? error.message || String(code) : String(error)
}

const startTlsOid = '1.3.6.1.4.1.1466.20037'

async function askForTls(
  server: Server,
  socket: Socket,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const channel = new Channel(socket)
  try {
    const result = await channel.exchange(
      (messageId) => new ExtendedRequest({ messageId, oid: startTlsOid }),
      { silenceMs: options.connectMs, signal },
    )
    if (result.code !== 0) {
      const remedy = 'use an ldaps:// address, or "tls: none" if clear text is meant'
      throw new Error(`StartTLS is refused: ${inWords(result)}; ${remedy}`)
    }
    return channel.detach()
  } catch (error) {
    await channel[Symbol.asyncDispose]()
    signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    throw new StepFailed(server, 'tls', reason, error)
  }
}

async function startTls(
  server: Server,
  socket: Socket,
  options: ConnectOptions,
  signal: AbortSignal,
  observe: StepObserver,
): Promise<TLSSocket> {
  const started = Date.now()
  try {
    const secure = connectTls({ socket, ...(await tlsOptions(server, options)) })
    secure.on('error', () => {})
    await ready(secure, 'secureConnect', options.connectMs - (Date.now() - started), signal)
    observe('tls', tlsSummary(secure, options.verify))
    return secure
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw new StepFailed(server, 'tls', tlsTrouble(error, options.caFile), error)
  }
}

async function tlsOptions(server: Server, options: ConnectOptions): Promise<ConnectionOptions> {
  const name = options.serverName ?? server.host
  return {
    // The name is always given: without one, Node would check the certificate against "localhost".
    host: name,
    ...(isIP(name) ? {} : { servername: name }),
    rejectUnauthorized: options.verify,
    ca: options.caFile ? await readFile(options.caFile) : trustedAuthorities(),
  }
}

/** Node's own list and the system's: a company's authority is mostly installed in the latter. */
function trustedAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}

async function bind(
  server: Server,
  channel: Channel,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<void> {
  if (!options.bind) return
  const { user, password } = options.bind
  try {
    const result = await channel.exchange(
      (messageId) => new BindRequest({ messageId, dn: user, password }),
      { silenceMs: options.connectMs, signal },
    )
    if (result.code === 0) return
    const isRefusal = result.code === 49
    throw new StepFailed(
      server,
      'bind',
      `${user} is refused: ${bindRefusal(result)}`,
      undefined,
      isRefusal,
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof StepFailed) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StepFailed(server, 'bind', reason, error)
  }
}
