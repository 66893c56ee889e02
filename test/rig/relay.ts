import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A piece of network between two programs on loopback, which can stop carrying anything. */
export interface Relay extends AsyncDisposable {
  readonly port: number
  /** From now on nothing arrives, in neither direction, and nobody notices. */
  hold(): void
  /** Everything arrives that was held. */
  release(): void
  /** Ends every connection that there is. */
  cut(): void
}

/** `host`: where it listens. */
export async function openRelay(to: number, host = '127.0.0.1'): Promise<Relay> {
  const open = new Set<Socket>()
  let isHeld = false
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: to })
    join(near, far)
    join(far, near)
  })
  function join(from: Socket, into: Socket): void {
    open.add(from)
    from.on('data', (chunk: Buffer) => into.write(chunk))
    from.on('error', () => into.destroy())
    from.on('close', () => {
      open.delete(from)
      into.destroy()
    })
    if (isHeld) from.pause()
  }
  await once(server.listen(0, host), 'listening')
  const { port } = server.address() as AddressInfo // a TCP listener's address is not a path
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port,
    hold() {
      isHeld = true
      for (const socket of open) socket.pause()
    },
    release() {
      isHeld = false
      for (const socket of open) socket.resume()
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
