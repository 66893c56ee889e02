import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { BerReader } from 'ldapts'
import { Frames } from '../../src/ldap-wire/frames.ts'

/** One connection through the wire. */
export interface Line {
  /** Which one it is, from 1. */
  readonly number: number
  /** Says something to the client that the server did not say. */
  answer(bytes: Buffer): void
  /** Both sides lose the connection at once (RST). */
  cut(): void
}

/** What happens on the way. Whatever is absent passes. */
export interface Disturbance {
  /** False: the connection is taken, and nothing is ever said. */
  readonly onConnect?: (line: Line) => boolean
  /** False: what the client says goes no further. */
  readonly forth?: (bytes: Buffer, line: Line) => boolean | Promise<boolean>
  /** False: what the server says goes no further. */
  readonly back?: (bytes: Buffer, line: Line) => boolean | Promise<boolean>
}

/** A wire between a client and a real server on 127.0.0.1, which can be disturbed. */
export interface Wire extends AsyncDisposable {
  readonly port: number
  readonly connections: number
  /** For what passes from now on, on every connection; null: nothing is disturbed. */
  disturb(disturbance: Disturbance | null): void
  /**
   * No connection of today ever says anything again, in either direction, and none is closed: the
   * router forgot them. New ones are not affected.
   */
  forgetConnections(): void
}

/**
 * Starts one to a port of 127.0.0.1. What is disturbed is whole LDAP messages, or for a wire that
 * carries TLS whatever comes at once.
 */
export async function startWire(to: number, carries: 'ldap' | 'tls' = 'ldap'): Promise<Wire> {
  const sockets = new Set<Socket>()
  let disturbance: Disturbance = {}
  let connections = 0
  let forgotten = 0

  const server = createServer({ noDelay: true }, (near) => {
    const number = ++connections
    const isAlive = () => number > forgotten
    const far = connect({ host: '127.0.0.1', port: to, noDelay: true })
    const line: Line = {
      number,
      answer: (bytes) => void near.write(bytes),
      cut() {
        near.resetAndDestroy()
        far.destroy()
      },
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    if (disturbance.onConnect?.(line) === false) return
    carry(near, far, carries, async (bytes) => {
      return isAlive() && (await disturbance.forth?.(bytes, line)) !== false
    })
    const back = carry(far, near, carries, async (bytes) => {
      return isAlive() && (await disturbance.back?.(bytes, line)) !== false
    })
    near.on('close', () => far.destroy())
    // What the server had said before it died still arrives.
    far.on('close', async () => {
      await back.carried()
      if (isAlive()) near.destroySoon()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    disturb(next) {
      disturbance = next ?? {}
    },
    forgetConnections() {
      forgotten = connections
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** One piece after the other, each only when it is decided what becomes of the one before. */
function carry(
  from: Socket,
  to: Socket,
  carries: 'ldap' | 'tls',
  passes: (bytes: Buffer) => Promise<boolean>,
): { carried(): Promise<void> } {
  const frames = new Frames()
  let order = Promise.resolve()
  from.on('data', (chunk: Buffer) => {
    const pieces = carries === 'ldap' ? frames.push(chunk) : [chunk]
    order = order.then(async () => {
      for (const piece of pieces) if (await passes(piece)) to.write(piece)
    })
  })
  from.on('end', () => void order.then(() => to.end()))
  return { carried: () => order }
}

/** Protocol operations of RFC 4511, by their tags. */
export const operations = {
  bindRequest: 0x60,
  searchRequest: 0x63,
  searchEntry: 0x64,
  searchDone: 0x65,
  extendedResponse: 0x78,
} as const

/** What an LDAP message is, and whose answer. */
export function readMessage(bytes: Buffer): { readonly id: number; readonly operation: number } {
  const reader = new BerReader(bytes)
  reader.readSequence()
  const id = reader.readInt() ?? 0
  return { id, operation: reader.peek() ?? 0 }
}
