import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { parseAddress, type Address } from './addresses.ts'
import type { Doors } from './doors.ts'

/** An address of the configuration that cannot be listened on. */
export class ListenFailed extends Error {
  override name = 'ListenFailed'
  code = 'LISTEN_FAILED' as const
}

/** A plain listener that can end its open connections. */
type PlainServer = Server & { closeAllConnections(): void }

/**
 * Listens, and closes with the stack, open connections included; with `doors` these stay open.
 * Resolves with the address that was bound. `option` names the place in the configuration; `pause` are
 * the milliseconds between two connections that a door lets in. Throws `ListenFailed`.
 */
export async function listen(
  app: FastifyInstance | PlainServer,
  where: string,
  option: string,
  stack: AsyncDisposableStack,
  doors?: Doors,
  pause = 0,
): Promise<Address> {
  if (doors) return enter(app, where, option, stack, doors, pause)
  const { host, port } = parseAddress(where) ?? { host: '127.0.0.1', port: 0 } // checked with the file
  const server = 'server' in app ? app.server : app
  stack.defer(() => ('server' in app ? app.close() : closeServer(app)))
  try {
    if ('server' in app) await app.listen({ host, port })
    else await once(app.listen({ host, port }), 'listening')
  } catch (error) {
    throw new ListenFailed(explain(error, where, option), { cause: error })
  }
  const bound = server.address() as AddressInfo // a TCP listener's address is not a path
  return { host, port: bound.port }
}

async function enter(
  app: FastifyInstance | PlainServer,
  where: string,
  option: string,
  stack: AsyncDisposableStack,
  doors: Doors,
  pause: number,
): Promise<Address> {
  const server = 'server' in app ? app.server : app
  if ('server' in app) {
    stack.defer(() => app.close())
    await app.ready()
  }
  const door = await doors.at(where, option).catch((error: unknown) => {
    throw new ListenFailed(explain(error, where, option), { cause: error })
  })
  door.lead(server, pause)
  stack.defer(() => door.hold(server))
  return door.address
}

async function closeServer(server: PlainServer): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

function explain(error: unknown, where: string, option: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there',
    EADDRNOTAVAIL: 'this machine has no such address',
    EACCES: 'ports below 1024 want more rights',
  }
  return `cannot listen on ${where} (${reasons[code] ?? code}); choose another ${option}`
}
