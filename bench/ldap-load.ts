import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { BerReader } from '../src/ldap-wire/ber-reader.ts'
import { BerWriter } from '../src/ldap-wire/ber-writer.ts'
import { Frames } from '../src/ldap-wire/frames.ts'

export interface LdapLoad {
  readonly port: number
  readonly base: string
  readonly connections: number
  readonly seconds: number
  /** Writes the filter of the next search. */
  readonly filter: (writer: BerWriter) => void
  /** Searches a second, evenly; null: as fast as the answers come. */
  readonly rate: number | null
}

export interface LdapLoadResult {
  /** Searches that were answered. */
  readonly count: number
  readonly perSecond: number
  readonly entriesEach: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** Searches as phones do, one at a time on each connection, for at most 50 entries. */
export async function ldapLoad(options: LdapLoad): Promise<LdapLoadResult> {
  const { connections, seconds, rate } = options
  const clients = await Promise.all(
    Array.from({ length: connections }, () => LdapClient.open(options.port)),
  )
  const latencies: number[] = []
  let entries = 0
  const began = performance.now()
  const end = began + seconds * 1000
  const pauseMs = rate === null ? 0 : (1000 * connections) / rate
  await Promise.all(
    clients.map(async (client, at) => {
      let due = began + (pauseMs * at) / connections
      while (due < end) {
        const wait = due - performance.now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        const from = rate === null ? performance.now() : due
        const found = await client.search(options)
        entries += found
        const now = performance.now()
        latencies.push(now - from)
        due = rate === null ? now : due + pauseMs
      }
    }),
  )
  const elapsed = (performance.now() - began) / 1000
  for (const client of clients) client.close()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  const count = latencies.length
  const [perSecond, entriesEach] = [count / elapsed, entries / count]
  return { count, perSecond, entriesEach, p50: at(0.5), p99: at(0.99) }
}

class LdapClient {
  readonly #socket: Socket
  readonly #frames = new Frames()
  #entries = 0
  #done: ((entries: number) => void) | null = null
  #lastId = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      for (const message of this.#frames.push(chunk)) this.#take(message)
    })
  }

  static async open(port: number): Promise<LdapClient> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    await once(socket, 'connect')
    return new LdapClient(socket)
  }

  search({ base, filter }: LdapLoad): Promise<number> {
    const writer = new BerWriter().open(0x30).integer(++this.#lastId).open(0x63)
    writer.text(base).integer(2, 0x0a).integer(0, 0x0a).integer(50).integer(0).boolean(false)
    filter(writer)
    writer.open(0x30)
    for (const name of ['cn', 'sn', 'telephoneNumber', 'mobile']) writer.text(name)
    this.#socket.write(writer.close().close().close().finish())
    this.#entries = 0
    return new Promise((resolve) => (this.#done = resolve))
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(bytes: Buffer): void {
    const message = new BerReader(bytes).inside(0x30)
    message.integer()
    if (message.peek() === 0x64) {
      this.#entries++
      return
    }
    const code = message.inside(0x65).integer(0x0a)
    if (code !== 0 && code !== 4) throw new Error(`a search was answered with code ${code}`)
    this.#done?.(this.#entries)
  }
}
