import { Server, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { LdapFace, type LdapFaceDeps } from '../answers/ldap/ldap-face.ts'
import type { LdapOptions } from '../answers/ldap/options.ts'
import type { Address, ListenOptions } from './addresses.ts'
import type { Doors } from './doors.ts'
import { listen } from './listen.ts'
import { handshakePause, readPair } from './tls.ts'

/** Where phones ask over LDAP; null: nowhere. */
export interface LdapAddresses {
  readonly ldap: Address | null
  readonly ldapTls: Address | null
}

/** Phones that speak LDAP, where that is configured. Throws `ListenFailed`. */
export async function listenLdap(
  { ldap, ldapTls }: ListenOptions,
  options: LdapOptions | undefined,
  deps: LdapFaceDeps,
  stack: AsyncDisposableStack,
  doors?: Doors,
): Promise<LdapAddresses> {
  const tls: SecureContext | null =
    ldapTls === undefined ? null : createSecureContext(readPair(ldapTls, 'listen.ldapTls'))
  const face = new LdapFace(options ?? {}, deps, tls)
  // Whoever stayed would read the people of a service that is over, for as long as he asks.
  stack.defer(() => face.leave())
  const open = async (isTls: boolean, where: string | undefined, option: string) => {
    if (where === undefined) return null
    const pause = isTls ? handshakePause : 0
    return listen(new LdapServer(face, isTls), where, option, stack, doors, pause)
  }
  return {
    ldap: await open(false, ldap, 'listen.ldap'),
    ldapTls: await open(true, ldapTls?.address, 'listen.ldapTls.address'),
  }
}

class LdapServer extends Server {
  readonly #face: LdapFace

  constructor(face: LdapFace, isTls: boolean) {
    super((socket: Socket) => face.accept(socket, isTls))
    this.#face = face
  }

  closeAllConnections(): void {
    this.#face.closeAll()
  }
}
