import type { AgiServer } from '../answers/agi/server.ts'
import type { Logger } from '../logger.ts'
import type { Doors } from './doors.ts'
import { usualAddresses, type Address, type ListenOptions } from './addresses.ts'
import { listen, ListenFailed } from './listen.ts'

/**
 * Listens for FastAGI where `listen.agi` says. The usual address is only tried: a second Peerage on
 * one machine, or another FastAGI server, must not keep this one from starting. Null: not listening.
 */
export async function listenForAgi(
  server: AgiServer,
  { agi }: ListenOptions,
  stack: AsyncDisposableStack,
  log: Logger,
  doors?: Doors,
): Promise<Address | null> {
  if (agi === 'none') return null
  try {
    return await listen(server, agi ?? usualAddresses.agi, 'listen.agi', stack, doors)
  } catch (error) {
    if (agi !== undefined || !(error instanceof ListenFailed)) throw error
    log.warn({ problem: error.message }, 'FastAGI is not answered; write listen.agi, or `none`')
    return null
  }
}
