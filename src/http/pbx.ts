import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Realtime } from '../answers/realtime/answer.ts'
import type { Logger } from '../logger.ts'

const prefix = '/realtime/'
/** Bytes. Asterisk's longest body is a contact, a few kilobytes. */
const longestBody = 1_048_576

/**
 * The listener that Asterisk asks. Bare node:http: a question is two lines long and there may be
 * fifty thousand a second, so nothing stands between the socket and the index.
 */
export function buildPbx(realtime: Realtime, token: string | undefined, log: Logger): Server {
  const mayAsk = token === undefined ? () => true : tokenCheck(token, log)
  const server = createServer((request, response) => {
    const url = request.url ?? ''
    if (!url.startsWith(prefix)) return send(response, 404, '')
    if (!mayAsk(request)) return send(response, 401, '')
    readBody(request, (body) => {
      if (body === null) {
        log.warn({ url }, 'question too long, not answered')
        response.setHeader('connection', 'close')
        return send(response, 200, '')
      }
      reply(response, realtime, url.slice(prefix.length), body, log)
    })
  })
  // libcurl keeps a connection per Asterisk thread. Closing idle ones would race with a question, so
  // it is TCP that finds out who is gone.
  server.keepAliveTimeout = 0
  server.on('connection', (socket) => socket.setKeepAlive(true, 60_000))
  return server
}

function reply(
  response: ServerResponse,
  realtime: Realtime,
  target: string,
  body: string,
  log: Logger,
): void {
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const query = mark === -1 ? '' : target.slice(mark + 1)
  try {
    const answer = realtime.answer(path, query, body)
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

/**
 * `Authorization: Bearer TOKEN`, or Basic with the token as password (`userpwd` of res_curl.conf).
 * Without it nothing is answered: to Asterisk an empty body is "not there".
 */
function tokenCheck(token: string, log: Logger): (request: IncomingMessage) => boolean {
  const wanted = digest(token)
  return ({ headers, socket }) => {
    const shown = shownToken(headers.authorization)
    if (shown !== undefined && timingSafeEqual(digest(shown), wanted)) return true
    log.warn(
      { address: socket.remoteAddress, problem: shown === undefined ? 'no token' : 'wrong token' },
      'question refused; check userpwd or httpheader in res_curl.conf',
    )
    return false
  }
}

function shownToken(header: string | undefined): string | undefined {
  const [scheme = '', text = ''] = (header ?? '').split(' ')
  if (/^bearer$/i.test(scheme)) return text
  if (!/^basic$/i.test(scheme)) return undefined
  const pair = Buffer.from(text, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
