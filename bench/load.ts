import { connect, type Socket } from 'node:net'

export interface LoadResult {
  readonly perSecond: number
  /** Milliseconds from the moment a request was due to its answer. */
  readonly p50: number
  readonly p99: number
}

export interface Load {
  readonly port: number
  readonly connections: number
  /** For so long, or until the signal. */
  readonly seconds: number
  readonly signal?: AbortSignal
  /** The question: a path that is asked with GET, or one with a body. */
  readonly path: string | (() => string)
  readonly body?: () => string
  /** Requests a second, evenly; null: as fast as the answers come. */
  readonly rate: number | null
}

/**
 * Asks over keep-alive connections, one question at a time on each, as Asterisk's threads do.
 * With a rate the time a request waited for its turn counts too, so a stalled server cannot hide it.
 */
export async function load(options: Load): Promise<LoadResult> {
  const clients = await Promise.all(
    Array.from({ length: options.connections }, () => Client.open(options.port)),
  )
  const latencies: number[] = []
  const began = performance.now()
  const end = began + options.seconds * 1000
  await (options.rate === null
    ? Promise.all(clients.map((client) => saturate(client, options, end, latencies)))
    : pace(clients, options, options.rate, began, end, latencies))
  const elapsed = (performance.now() - began) / 1000
  for (const client of clients) client.close()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return { perSecond: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) }
}

async function saturate(client: Client, { path, body }: Load, end: number, latencies: number[]) {
  for (let now = performance.now(); now < end;) {
    await client.ask(text(path), body?.())
    const then = performance.now()
    latencies.push(then - now)
    now = then
  }
}

async function pace(
  clients: readonly Client[],
  { path, body, signal }: Load,
  rate: number,
  began: number,
  end: number,
  latencies: number[],
): Promise<void> {
  const free = [...clients]
  const waiting: number[] = []
  const asked: Promise<void>[] = []
  let sent = 0
  const serve = (client: Client, due: number): void => {
    asked.push(
      client.ask(text(path), body?.()).then(() => {
        latencies.push(performance.now() - due)
        const next = waiting.shift()
        if (next === undefined) free.push(client)
        else serve(client, next)
      }),
    )
  }
  const isOver = () => signal?.aborted === true
  for (let now = performance.now(); now < end && !isOver(); now = performance.now()) {
    for (const due = () => began + (sent / rate) * 1000; due() <= now; sent++) {
      const client = free.pop()
      if (client) serve(client, due())
      else waiting.push(due())
    }
    // Turning round without a rest takes a core from whoever is measured; it is for high rates only.
    await new Promise((resolve) => (rate > 2000 ? setImmediate(resolve) : setTimeout(resolve, 1)))
  }
  for (let index = 0; index < asked.length; index++) await asked[index]
}

function text(path: Load['path']): string {
  return typeof path === 'string' ? path : path()
}

/** The least of HTTP/1.1: reads the status line's end, the length and that many bytes. */
class Client {
  readonly #socket: Socket
  #answered: (() => void) | null = null
  #text = ''

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1').setNoDelay(true)
    socket.on('data', (chunk: string) => this.#receive(chunk))
  }

  static open(port: number): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('error', reject).once('connect', () => resolve(new Client(socket)))
    })
  }

  ask(path: string, body: string | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#answered = resolve
      if (body === undefined) {
        this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n`)
        return
      }
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\nContent-Length: ${body.length}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n${body}`,
      )
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: string): void {
    this.#text += chunk
    const end = this.#text.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/content-length: (\d+)/i.exec(this.#text)?.[1])
    if (length === 0) throw new Error('an empty answer: the bench asks for people who are there')
    if (this.#text.length < end + 4 + length) return
    this.#text = ''
    this.#answered?.()
  }
}
