import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, types } from 'pg'
import type { PostgresAddress } from './address.ts'

/** Before a server that does not answer at all is given up. */
const connectTimeoutMs = 3_000
/** How long a server has to say goodbye. */
const farewellMs = 1_000

const int8 = 20
const numeric = 1700

/**
 * One connection to whichever of the servers takes writes, made when it is needed and made anew
 * after it was lost. After a fail-over the old server refuses, or says that it only reads.
 */
export class Link implements AsyncDisposable {
  readonly #address: PostgresAddress
  readonly #name: string
  readonly #timeoutMs: number
  readonly #onLost: () => void
  readonly #sockets = new WeakMap<Client, Socket>()
  #client: Promise<Client> | null = null

  /** `name` is what an administrator of PostgreSQL sees; `timeoutMs` bounds each statement. */
  constructor(
    address: PostgresAddress,
    name: string,
    timeoutMs: number,
    onLost: () => void = () => {},
  ) {
    this.#address = address
    this.#name = name
    this.#timeoutMs = timeoutMs
    this.#onLost = onLost
  }

  /** Rejects when none of the servers can be used. */
  client(): Promise<Client> {
    if (this.#client) return this.#client
    const connecting = this.#connect()
    this.#client = connecting
    connecting.catch(() => this.#forget(connecting))
    return connecting
  }

  /** Something went wrong on it: the next one to ask gets another connection. */
  drop(): void {
    const client = this.#client
    this.#client = null
    client?.then((each) => this.#reset(each)).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#client?.catch(() => null)
    this.#client = null
    if (client) await this.#end(client)
  }

  async #end(client: Client): Promise<void> {
    const ended = client.end().catch(() => undefined)
    await Promise.race([ended, sleep(farewellMs, undefined, { ref: false })])
    this.#reset(client)
  }

  /**
   * Whatever is still on its way is never to arrive: a network that was cut would deliver it when it
   * is mended, long after somebody was told that it was not kept here.
   */
  #reset(client: Client): void {
    this.#sockets.get(client)?.resetAndDestroy()
  }

  async #connect(): Promise<Client> {
    const problems: string[] = []
    for (const { host, port } of this.#address.servers) {
      const client = this.#clientOf(host, port)
      try {
        await client.connect()
        const { rows } = await client.query('select pg_is_in_recovery() as reads_only')
        if (rows[0]?.['reads_only'] === false) return this.#watch(client)
        problems.push(`${host}:${port} is a standby`)
      } catch (error) {
        problems.push(`${host}:${port}: ${error instanceof Error ? error.message : String(error)}`)
      }
      void this.#end(client)
    }
    throw new Error(problems.join('; '))
  }

  #clientOf(host: string, port: number): Client {
    const { user, password, database, tls } = this.#address
    const socket = new Socket()
    const client = new Client({
      stream: () => socket,
      host,
      port,
      database,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(tls === 'off' ? {} : { ssl: { rejectUnauthorized: tls === 'verified' } }),
      application_name: this.#name,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: this.#timeoutMs,
      keepAlive: true,
      pipeline: true,
      types: { getTypeParser },
    })
    this.#sockets.set(client, socket)
    client.on('error', () => undefined) // `end` follows
    return client
  }

  #watch(client: Client): Client {
    client.on('end', () => {
      const current = this.#client
      current?.then(
        (each) => {
          if (each !== client) return
          this.#forget(current)
          this.#onLost()
        },
        () => undefined, // the next one, which nobody could make either
      )
    })
    return client
  }

  #forget(connecting: Promise<Client>): void {
    if (this.#client === connecting) this.#client = null
  }
}

/** Milliseconds and counts are within 2^53: numbers, as SQLite gives them. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === int8 || oid === numeric) return Number
  return types.getTypeParser(oid, format)
}
