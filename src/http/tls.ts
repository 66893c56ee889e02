import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { FastifyInstance } from 'fastify'
import type { Address, ListenOptions } from './addresses.ts'
import type { Doors } from './doors.ts'
import { listen, ListenFailed } from './listen.ts'
import { readMisspelt } from './misspelt.ts'
import type { PhoneListener } from './phones.ts'
import { dispatch } from './web.ts'

/**
 * Milliseconds between two connections over TLS that are let in. A handshake is a millisecond or two
 * of work, and thousands of phones that switch on together must leave time for calls between theirs.
 */
export const handshakePause = 4

/** The web listener's answers over TLS, where that is configured. Throws `ListenFailed`. */
export async function listenTls(
  web: FastifyInstance,
  phones: PhoneListener,
  options: ListenOptions['webTls'],
  stack: AsyncDisposableStack,
  doors?: Doors,
): Promise<Address | null> {
  if (options === undefined) return null
  const handler = dispatch(phones, (request, response) => web.routing(request, response))
  const server = createServer(readPair(options, 'listen.webTls'), handler)
  server.on('clientError', readMisspelt(phones))
  const { address } = options
  return listen(server, address, 'listen.webTls.address', stack, doors, handshakePause)
}

/** Certificate and key for a listener; `option` names the place in the configuration. */
export function readPair(
  { certFile, keyFile }: Pick<NonNullable<ListenOptions['webTls']>, 'certFile' | 'keyFile'>,
  option: string,
) {
  try {
    return {
      cert: readFileSync(certFile),
      key: readFileSync(keyFile),
      minVersion: 'TLSv1.2',
    } as const
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ListenFailed(
      `TLS for phones cannot begin (${reason}); check ${option}.certFile and keyFile`,
      { cause: error },
    )
  }
}
