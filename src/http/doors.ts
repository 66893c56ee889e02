import { once } from 'node:events'
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { addressText, parseAddress, type Address } from './addresses.ts'

/**
 * The addresses that are listened on, for longer than the service behind them lives. While there is
 * none (a changed configuration is taken up, which takes a moment) connections and questions wait
 * here instead of being refused; the next service answers them.
 */
export class Doors implements AsyncDisposable {
  readonly #doors = new Map<string, Door>()

  /** `sockets`: numbers of listening sockets that this process was started with. */
  static async open(sockets: readonly number[] = []): Promise<Doors> {
    const doors = new Doors()
    for (const fd of sockets) {
      const door = await Door.open({ fd })
      doors.#doors.set(addressText(door.address), door)
    }
    return doors
  }

  /** The door at an address, bound if it is not yet. `option` tells apart those on any free port. */
  async at(where: string, option: string): Promise<Door> {
    const asked = parseAddress(where) ?? { host: '127.0.0.1', port: 0 } // checked with the file
    const key = asked.port === 0 ? `${option} ${where}` : addressText(asked)
    const known = this.#doors.get(key)
    if (known) return known
    const door = await Door.open(asked)
    this.#doors.set(key, door)
    return door
  }

  /** Closes those behind which nobody is. Returns which. */
  async closeUnused(): Promise<readonly string[]> {
    const unused = [...this.#doors].filter(([, door]) => !door.isUsed)
    for (const [key] of unused) this.#doors.delete(key)
    await Promise.all(unused.map(([, door]) => door.close()))
    return unused.map(([, { address }]) => addressText(address))
  }

  /**
   * Takes no new connections; those there are are answered still. Whoever connects from now on
   * waits for the next process, if systemd holds the socket for it.
   */
  stopListening(): void {
    for (const door of this.#doors.values()) door.stopListening()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#doors.values(), (door) => door.close()))
    this.#doors.clear()
  }
}

/** What stands behind a door: any server that takes connections. */
type Answering = Server | HttpServer | HttpsServer

interface Waiting {
  readonly enter: (server: Answering) => void
  readonly drop: () => void
}

/** How long somebody who is being answered may take at the end; milliseconds. */
const lastAnswersMs = 2000

/** One address. */
export class Door {
  readonly address: Address
  readonly #listener: Server
  /** Open connections by the server that reads them, former ones too: Asterisk keeps them for hours. */
  readonly #connections = new Map<Answering, Set<Socket>>()
  readonly #waiting = new Set<Waiting>()
  #answering: Answering | null = null
  /** Milliseconds between two that are let in. */
  #pause = 0
  #isPausing = false

  private constructor(listener: Server, address: Address) {
    this.#listener = listener
    this.address = address
    listener.on('connection', (socket: Socket) => this.#take(socket))
  }

  /** Rejects with the error of `listen(2)`. */
  static async open(where: Address | { readonly fd: number }): Promise<Door> {
    // What arrives is not read before there is somebody to read it.
    const listener = createServer({ pauseOnConnect: true })
    listener.listen(where)
    await once(listener, 'listening')
    const { address, port } = listener.address() as AddressInfo // TCP, as systemd is told to make it
    return new Door(listener, { host: 'host' in where ? where.host : address, port })
  }

  get isUsed(): boolean {
    return this.#answering !== null
  }

  /**
   * From now on the server gets the connections, those first that waited; one every `pause`
   * milliseconds.
   */
  lead(server: Answering, pause = 0): void {
    this.#answering = server
    this.#pause = pause
    this.#connections.set(server, new Set())
    // Node's HTTP server begins to watch over its connections (slow and idle ones) when it listens.
    if (isHttp(server)) server.emit('listening')
    this.#letIn()
  }

  /** From now on connections wait, and so do questions on the server's open ones. */
  hold(server: Answering): void {
    if (this.#answering === server) this.#answering = null
    if (this.#connections.get(server)?.size === 0) return this.#retire(server)
    if (!isHttp(server)) return
    server.removeAllListeners('request')
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const enter = (next: Answering) => next.emit('request', request, response)
      this.#enter({ enter, drop: () => response.destroy() })
    })
  }

  stopListening(): void {
    this.#listener.close()
  }

  /** Whoever is being answered is; what waits in vain is cut off, so that its asker may ask again. */
  async close(): Promise<void> {
    this.#listener.close()
    for (const { drop } of this.#waiting) drop()
    this.#waiting.clear()
    const servers = [...this.#connections.keys()].filter(isHttp)
    for (const server of servers) server.close()
    // A connection is idle, and closed, only when its answer is through.
    const look = setInterval(() => servers.forEach((server) => server.closeIdleConnections()), 20)
    const open = [...this.#connections.values()].flatMap((sockets) => [...sockets])
    const closed = Promise.all(open.map((socket) => socket.destroyed || once(socket, 'close')))
    await Promise.race([closed, delay(lastAnswersMs, undefined, { ref: false })])
    clearInterval(look)
    for (const socket of open) socket.destroy()
  }

  #take(socket: Socket): void {
    const gone = (): boolean => this.#waiting.delete(waiting)
    const waiting = {
      enter: (server: Answering) => {
        socket.off('error', gone)
        if (socket.destroyed) return
        this.#note(server, socket)
        server.emit('connection', socket)
        socket.resume()
      },
      drop: () => socket.destroy(),
    }
    socket.on('error', gone)
    this.#enter(waiting)
  }

  #note(server: Answering, socket: Socket): void {
    const sockets = this.#connections.get(server)
    sockets?.add(socket)
    socket.once('close', () => {
      sockets?.delete(socket)
      if (sockets?.size === 0 && this.#answering !== server) this.#retire(server)
    })
  }

  /** Its last connection is gone. Its watch over connections would keep all behind it in memory. */
  #retire(server: Answering): void {
    this.#connections.delete(server)
    if (isHttp(server)) server.close()
  }

  #enter(waiting: Waiting): void {
    this.#waiting.add(waiting)
    this.#letIn()
  }

  #letIn(): void {
    for (const waiting of this.#waiting) {
      if (!this.#answering || this.#isPausing) return
      this.#waiting.delete(waiting)
      waiting.enter(this.#answering)
      if (this.#pause > 0) this.#rest()
    }
  }

  #rest(): void {
    this.#isPausing = true
    setTimeout(() => {
      this.#isPausing = false
      this.#letIn()
    }, this.#pause)
  }
}

function isHttp(server: Answering): server is HttpServer | HttpsServer {
  return 'closeIdleConnections' in server
}
