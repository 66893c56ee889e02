import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { description } from './ari-description.ts'

/** What was asked: `POST /channels/7/variable CALLERID(name)=Zoë`. */
export type Asked = string

/** `hang`: no answer; `drop`: the connection ends. */
export type Answer = { readonly status: number; readonly body?: unknown } | 'hang' | 'drop'

/** An Asterisk's ARI on loopback, as far as ari-client needs one, that does as it is told. */
export class FakeAri implements AsyncDisposable {
  /** Every request to a channel, in the order of their arrival. */
  readonly asked: Asked[] = []
  /** Ids that `GET /applications/peerage` lists. */
  waiting: string[] = []
  /** Of everything, before anything else; undefined: as usual. */
  answerAll: ((path: string) => Answer | undefined) | undefined
  /** Of requests to channels; undefined: as Asterisk does. */
  answer: ((asked: Asked) => Answer | undefined) | undefined
  password = 'secret'
  readonly #server = createServer((request, response) => {
    const given = this.#answerTo(request)
    if (given === 'hang') return
    if (given === 'drop') return void request.socket.destroy()
    const { status, body } = given
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body))
  })
  readonly #open = new Set<Socket>()
  readonly #sockets = new Set<Socket>()
  readonly #watching = new Set<() => void>()

  static async start(): Promise<FakeAri> {
    const fake = new FakeAri()
    await once(fake.#server.listen(0, '127.0.0.1'), 'listening')
    fake.#server.on('connection', (socket) => {
      fake.#open.add(socket)
      socket.on('close', () => fake.#open.delete(socket))
    })
    fake.#server.on('upgrade', (request: IncomingMessage, socket: Socket) =>
      fake.#upgrade(request, socket),
    )
    return fake
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo // a TCP listener's address is not a path
    return `http://127.0.0.1:${port}`
  }

  get isConnected(): boolean {
    return this.#sockets.size > 0
  }

  /** Sends text, or an event as JSON, to every client. */
  send(event: unknown): void {
    const text = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event))
    const head = Buffer.from([0x81, 126, text.length >> 8, text.length & 255])
    for (const socket of this.#sockets) socket.write(Buffer.concat([head, text]))
  }

  /** A call that comes into Stasis(). */
  call(id: string, more: object = {}, args: readonly string[] = ['caller']): void {
    const channel = { id, name: `PJSIP/x-${id}`, caller: { name: '', number: '0170' }, ...more }
    const timestamp = '2026-01-01T00:00:00.000+0000'
    this.send({ type: 'StasisStart', timestamp, application: 'peerage', args, channel })
  }

  /** Ends the event connections, or all. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Resolves as soon as this is so; looked at after each request and connection. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#watching.add(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#open) socket.destroy()
    await closed
  }

  #upgrade(request: IncomingMessage, socket: Socket): void {
    socket.on('error', () => undefined)
    if (this.answerAll?.('/ari/events') !== undefined) return void socket.destroy()
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    socket.resume().on('end', () => socket.end())
    this.#sockets.add(socket)
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#look()
    })
    this.#look()
  }

  #answerTo(request: IncomingMessage): Answer {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    const given = this.answerAll?.(pathname)
    if (given) return given
    const wanted = `Basic ${Buffer.from(`peerage:${this.password}`).toString('base64')}`
    if (request.headers.authorization !== wanted) {
      return { status: 401, body: { message: 'Authentication required' } }
    }
    if (pathname.startsWith('/ari/api-docs/'))
      return { status: 200, body: description(pathname, `${this.url}/ari`) }
    if (pathname === '/ari/applications/peerage') {
      return { status: 200, body: { name: 'peerage', channel_ids: this.waiting } }
    }
    const variable = searchParams.get('variable')
    const value = searchParams.get('value')
    const text = variable === null ? '' : ` ${variable}${value === null ? '' : `=${value}`}`
    const asked = `${request.method} ${pathname.replace('/ari', '')}${text}`
    this.asked.push(asked)
    queueMicrotask(() => this.#look())
    return this.answer?.(asked) ?? usual(asked)
  }

  #look(): void {
    for (const look of this.#watching) look()
    this.#watching.clear()
  }
}

function usual(asked: Asked): Answer {
  if (!asked.startsWith('GET')) return { status: 204 }
  if (asked.includes('/variable')) return { status: 200, body: { value: 'allowed_not_screened' } }
  const id = asked.split('/').at(-1)
  const dialplan = { exten: '+4930', app_name: 'Stasis', app_data: 'peerage,caller,did' }
  return { status: 200, body: { id, caller: { name: '', number: '0170' }, dialplan } }
}
