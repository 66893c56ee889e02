import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Phonebook } from '../answers/phonebook/phonebook.ts'
import { prefix, type PhoneAnswer } from '../answers/phonebook/request.ts'
import type { Logger } from '../logger.ts'
import { Pacer } from './pacer.ts'

/** Answers what is addressed to the phone book; false: it is for somebody else. */
export type PhoneListener = (request: IncomingMessage, response: ServerResponse) => boolean

/** Longer answers wait for their turn, in bytes. */
const long = 32_768

/**
 * Phones on the web listener, on bare node:http. What they get has an exact length and is never
 * chunked; what they send beside the address is read and forgotten (a Snom fetches by POST, a Poly
 * uploads its copy of the book by PUT).
 */
export function buildPhones(phonebook: Phonebook, log: Logger): PhoneListener {
  const pacer = new Pacer()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '', headers, socket } = request
    request.resume()
    if (!['GET', 'HEAD', 'POST', 'PUT'].includes(method)) return send(response, refused)
    const answered = await phonebook.answer({
      method,
      url,
      headers,
      address: socket.remoteAddress ?? '',
      isSecure: socket instanceof TLSSocket,
    })
    if (method === 'HEAD') return send(response, answered, false)
    if (method === 'PUT' && answered.status === 200) return send(response, taken)
    if (answered.body.length <= long) return send(response, answered)
    writeHead(response, answered)
    pacer.send(response, answered.body)
  }

  return (request, response) => {
    if (request.url?.startsWith(prefix) !== true) return false
    answer(request, response).catch((error: unknown) => {
      log.error({ problem: String(error) }, 'phone not answered')
      if (!response.headersSent) send(response, failed)
    })
    return true
  }
}

function send(response: ServerResponse, answer: PhoneAnswer, isWhole = true): void {
  writeHead(response, answer)
  if (isWhole) response.end(answer.body)
  else response.end()
}

function writeHead(response: ServerResponse, { status, headers, body }: PhoneAnswer): void {
  const length = status === 304 ? {} : { 'content-length': String(body.length) }
  response.writeHead(status, { ...headers, ...length })
}

const nothing = { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.alloc(0) }
const taken: PhoneAnswer = { ...nothing, status: 200 }
const refused: PhoneAnswer = { ...nothing, status: 405 }
const failed: PhoneAnswer = { ...nothing, status: 503 }
