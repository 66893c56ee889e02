import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Realtime } from '../answers/realtime/answer.ts'
import type { Logger } from '../logger.ts'
import { mayBeProbe, type Probes } from '../pbx/probes.ts'
import { addressOf, type PbxAccess } from './pbx-access.ts'
import type { Certificate } from './pbx-tls.ts'
import type { Refusals } from './refusals.ts'

const prefix = '/realtime/'
/** Bytes. Asterisk's longest body is a contact, a few kilobytes. */
const longestBody = 1_048_576

export interface PbxDeps {
  readonly realtime: Realtime
  readonly access: PbxAccess
  readonly refusals: Refusals
  readonly probes: Probes
  readonly log: Logger
}

/**
 * The listener that Asterisk asks. Bare node:http: a question is two lines long and there may be
 * fifty thousand a second, so nothing stands between the socket and the index.
 */
export function buildPbx(deps: PbxDeps): Server {
  const server = createServer((request, response) => take(request, response, deps))
  return keepConnections(server)
}

/** The same over TLS. */
export function buildTlsPbx(certificate: Certificate, deps: PbxDeps): TlsServer {
  const server = createTlsServer(certificate, (request, response) => take(request, response, deps))
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const [problem, remedy] = tlsProblem(error)
    deps.refusals.note(addressOf(socket), problem, remedy)
  })
  return keepConnections(server)
}

/**
 * libcurl keeps a connection per Asterisk thread. Closing idle ones would race with a question, so
 * it is TCP that finds out who is gone.
 */
function keepConnections<Kind extends Server | TlsServer>(server: Kind): Kind {
  server.keepAliveTimeout = 0
  server.on('connection', (socket) => socket.setKeepAlive(true, 60_000))
  return server
}

function take(request: IncomingMessage, response: ServerResponse, deps: PbxDeps): void {
  const { realtime, access, probes, log } = deps
  const refused = access(request)
  if (refused !== null) return refuse(response, refused)
  const url = request.url ?? ''
  if (!url.startsWith(prefix)) return send(response, 404, '')
  readBody(request, (body) => {
    if (body === null) {
      log.warn({ url }, 'question too long, not answered')
      response.setHeader('connection', 'close')
      return send(response, 200, '')
    }
    const target = url.slice(prefix.length)
    if (mayBeProbe(body)) probes.note(target, body, addressOf(request.socket))
    reply(response, realtime, target, body, request.socket, log)
  })
}

/** Closes, so that whoever is refused holds nothing open. */
function refuse(response: ServerResponse, status: 401 | 403): void {
  response.setHeader('connection', 'close')
  if (status === 401) response.setHeader('www-authenticate', 'Basic realm="peerage"') // RFC 9110, 15.5.2
  response.writeHead(status, { 'content-length': '0' }).end()
}

function tlsProblem({ code = '' }: NodeJS.ErrnoException): [problem: string, remedy: string] {
  switch (code) {
    case 'ERR_SSL_HTTP_REQUEST':
      return ['asked without TLS', 'write https:// in extconfig.conf']
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
    case 'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA':
      return ['it does not trust our certificate', 'set ssl_cainfo in its res_curl.conf']
    case 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE':
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
      return [
        'our certificate is for another name',
        'ask by a name that listen.pbxTls.certFile has',
      ]
    default:
      return [`no TLS connection (${code || 'closed'})`, 'check ssl_cainfo in its res_curl.conf']
  }
}

function reply(
  response: ServerResponse,
  realtime: Realtime,
  target: string,
  body: string,
  asker: Socket,
  log: Logger,
): void {
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const query = mark === -1 ? '' : target.slice(mark + 1)
  try {
    const answer = realtime.answer(path, query, body, asker)
    if (typeof answer === 'string') return send(response, 200, answer)
    if (answer instanceof Promise) return void answer.then((text) => send(response, 200, text))
    response.writeHead(200, { 'content-type': type })
    pipeline(answer, response).catch((error: unknown) => {
      log.debug({ path, problem: String(error) }, 'Asterisk went away during a long list')
    })
  } catch (error) {
    log.error({ path, problem: String(error) }, 'question not answered')
    send(response, 200, '')
  }
}

const type = 'text/plain; charset=utf-8'

/** Answers are percent-encoded, so a character is a byte. */
function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, ['content-type', type, 'content-length', String(text.length)])
  response.end(text, 'latin1')
}

/** `done` gets null for a body that is too long; the rest of it is read and forgotten. */
function readBody(request: IncomingMessage, done: (body: string | null) => void): void {
  // Nearly every question comes in one piece.
  let first: Buffer | undefined
  let more: Buffer[] | undefined
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (!first) first = chunk
    else if (length <= longestBody) (more ??= [first]).push(chunk)
  })
  request.on('end', () => {
    if (length > longestBody) return done(null)
    done((more ? Buffer.concat(more) : first)?.toString() ?? '')
  })
}
