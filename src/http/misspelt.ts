import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { prefix } from '../answers/phonebook/request.ts'
import type { PhoneListener } from './phones.ts'

/** What Node's HTTP server says of bytes that are no HTTP. */
interface ClientError extends Error {
  readonly code?: string | undefined
  /** The bytes in which it came. */
  readonly rawPacket?: unknown
}

export type ClientErrorListener = (error: ClientError, socket: Socket) => void

/** Errors of the parser about a request line: raw bytes above 127, a blank in the address. */
const ofLine: readonly unknown[] = ['HPE_INVALID_URL', 'HPE_INVALID_CONSTANT']
/** As Node limits the head of a request. */
const longestHead = 16_384

/**
 * Takes what Node's HTTP parser refuses. Phones write what was typed as it is, `find?q=Mül`, which is
 * no HTTP: such a request is read again here, answered, and its connection closed. Everything else
 * gets a status without a word, for what a phone gets it shows.
 */
export function readMisspelt(phones: PhoneListener): ClientErrorListener {
  // After its error the parser hands over whatever follows.
  const heads = new WeakMap<Socket, Buffer | 'answered'>()

  return ({ code, rawPacket }, socket) => {
    if (!socket.writable) return void socket.destroy()
    const known = heads.get(socket)
    if (known === 'answered') {
      if (code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.destroy() // it had its time to read
      return
    }
    if (!(rawPacket instanceof Buffer) || !ofLine.includes(code)) return refuse(socket, code)
    const head = known ? Buffer.concat([known, rawPacket]) : rawPacket
    if (!lineBegins.test(head.toString('latin1', 0, 64))) return refuse(socket, code)
    const end = head.indexOf('\r\n\r\n')
    if (end === -1 && head.length > longestHead) return refuse(socket, 'HPE_HEADER_OVERFLOW')
    heads.set(socket, end === -1 ? head : 'answered')
    if (end !== -1) answer(head.toString('latin1', 0, end), socket, phones)
  }
}

const lineBegins = new RegExp(`^(?:GET|HEAD|POST|PUT) ${prefix}`)

function answer(head: string, socket: Socket, phones: PhoneListener): void {
  const [line = '', ...fields] = head.split('\r\n')
  const [, method, url] = /^(\w+) (.*) HTTP\/1\.[01]$/s.exec(line) ?? []
  if (method === undefined || url === undefined) return refuse(socket)
  const request = new IncomingMessage(socket)
  Object.assign(request, { method, url })
  for (const field of fields) {
    const [, name = '', value = ''] = /^([\w-]+):[\t ]*(.*?)[\t ]*$/.exec(field) ?? []
    request.headers[name.toLowerCase()] ??= value
  }
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  try {
    response.assignSocket(socket)
  } catch {
    return void socket.destroy() // the answer to an earlier request is still on its way
  }
  response.once('finish', () => socket.destroySoon())
  if (!phones(request, response)) socket.destroy()
}

const statuses: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

function refuse(socket: Socket, code = ''): void {
  const status = statuses[code] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
