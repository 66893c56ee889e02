import type { ChangesMethod } from './changes/follower.ts'
import type { ConnectOptions } from './connect.ts'
import type { Protection, Server } from './server.ts'
import type { ResolveSrv } from './srv.ts'

/** Everything an LDAP source was told, checked and with its defaults. */
export interface LdapSettings {
  /** Fixed servers, or the domain whose DNS names them. */
  readonly servers: readonly Server[] | { readonly domain: string; readonly tls: Protection }
  readonly base: string
  /** The configured filter; null means the mapping's. */
  readonly filter: string | null
  readonly scope: 'sub' | 'one' | 'base'
  readonly pageSize: number
  readonly connect: ConnectOptions
  /** The longest silence of a server while it is read. */
  readonly silenceMs: number
  /** How long a server that failed stands behind the others. */
  readonly restMs: number
  readonly changes: ChangesSettings
}

export interface ChangesSettings {
  readonly method: ChangesMethod | 'auto' | 'off'
  /** How often to look where a server does not tell by itself. */
  readonly pollMs: number
  /** How often, at most, all ids are listed to find who is gone, where a server does not tell. */
  readonly sweepMs: number
}

/** What tests put in place of the world. */
export interface LdapSurroundings {
  readonly now?: () => number
  readonly resolveSrv?: ResolveSrv
}
