import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { SecureContext } from 'node:tls'
import type { Logger } from '../../logger.ts'
import type { Site } from '../../person/site.ts'
import type { PhoneTokens } from '../../state/phone-tokens.ts'
import type { Phonebook } from '../phonebook/phonebook.ts'
import { Connection, secure } from './connection.ts'
import { EntryStore } from './entry-store.ts'
import type { LdapOptions } from './options.ts'
import { Session, type SessionDeps } from './session.ts'
import { Tree } from './tree.ts'

export interface LdapFaceDeps {
  readonly phonebook: Phonebook
  readonly tokens: PhoneTokens
  readonly site: Site
  readonly log: Logger
  readonly now: () => number
}

/** A phone that binds, searches next; between the two it is not to be cut off. Milliseconds. */
const quietMs = 300
/** How long a phone may go on that is never quiet; milliseconds. */
const longestFarewellMs = 2_000

/**
 * The phone book for phones that speak LDAP: a small LDAPv3 server (RFC 4511) that is only read. A
 * phone binds with its token as password and sees the people, numbers and order of its view. The
 * company's directory is not behind it: everything is answered from memory.
 */
export class LdapFace {
  readonly #session: SessionDeps
  readonly #log: Logger
  readonly #now: () => number
  readonly #mostConnections: number
  readonly #idleMs: number
  readonly #tls: SecureContext | null
  readonly #connections = new Set<Connection>()

  /** `tls`: for LDAPS and StartTLS; null: neither. */
  constructor(options: LdapOptions, deps: LdapFaceDeps, tls: SecureContext | null) {
    const { base = 'dc=peerage', sizeLimit = 1000, connections = 1000, idleMs = 600_000 } = options
    const { phonebook, tokens, site, log, now } = deps
    const tree = new Tree(base)
    const entries = new EntryStore(tree)
    this.#session = { phonebook, tokens, site, tree, entries, sizeLimit }
    this.#log = log
    this.#now = now
    this.#mostConnections = connections
    this.#idleMs = idleMs
    this.#tls = tls
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Takes over an accepted socket; `isTls`: its first bytes are a TLS handshake. */
  accept(socket: Socket, isTls: boolean): void {
    if (this.#connections.size >= this.#mostConnections) this.#makeRoom()
    const hasTls = this.#tls !== null
    const session = new Session(this.#session, socket.remoteAddress ?? '', hasTls)
    const talk = isTls && this.#tls ? secure(socket, this.#tls) : socket
    const options = { idleMs: this.#idleMs, tls: this.#tls, log: this.#log, now: this.#now }
    const connection = new Connection(talk, session, options)
    this.#connections.add(connection)
    socket.once('close', () => this.#connections.delete(connection))
  }

  /** Lets every phone go when it has what it asked for. Resolves when all are gone. */
  async leave(): Promise<void> {
    for (const connection of this.#connections) connection.closeWhenQuiet(quietMs)
    const began = performance.now()
    while (this.#connections.size > 0 && performance.now() - began < longestFarewellMs) {
      await delay(20)
    }
    this.closeAll()
  }

  closeAll(): void {
    for (const connection of this.#connections) connection.close()
  }

  #makeRoom(): void {
    let oldest: Connection | undefined
    for (const each of this.#connections) {
      if (!oldest || each.lastHeard < oldest.lastHeard) oldest = each
    }
    if (!oldest) return
    oldest.close()
    this.#connections.delete(oldest)
  }
}
