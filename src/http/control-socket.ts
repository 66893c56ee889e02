import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** Two services on one state would overwrite each other's people. */
export class AlreadyRunning extends Error {
  override name = 'AlreadyRunning'
  code = 'ALREADY_RUNNING' as const
}

/** Where commands on the same machine find the service: beside its database. */
export function controlSocketPath(database: string): string | null {
  return database === ':memory:' ? null : join(dirname(database), 'peerage.sock')
}

/** Throws `AlreadyRunning` when a service answers there. */
export async function refuseSecond(path: string): Promise<void> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
  } catch {
    return // nobody there, or a socket that a killed process left behind
  } finally {
    socket.destroy()
  }
  throw new AlreadyRunning(
    `a Peerage with this state is running already (it answers at ${path}); stop it, or name another 'state'`,
  )
}

/** Listens for this user only: whoever may open the socket is taken for the administrator. */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  rmSync(path, { force: true })
  const mask = process.umask(0o177)
  try {
    await app.listen({ path })
  } finally {
    process.umask(mask)
  }
}
