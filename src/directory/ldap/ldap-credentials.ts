import { randomBytes, randomUUID } from 'node:crypto'
import { BindRequest } from 'ldapts'
import type { CredentialCheck, Verdict } from '../credentials.ts'
import { parseFilter } from '../filter.ts'
import type { EntryRequest, SourceLog } from '../source.ts'
import { Access } from './access.ts'
import { bindVerdict, PasswordPolicyControl } from './bind-verdict.ts'
import { Breaker } from './breaker.ts'
import { ChannelPool } from './channel-pool.ts'
import type { Channel } from './channel.ts'
import { EntryReader } from './entry-reader.ts'
import type { LdapSettings, LdapSurroundings } from './ldap-settings.ts'

/** One Samba core does 170 binds a second, however many connections ask. */
const connections = 4
const failuresInARow = 3
const breakerRestMs = 10_000

/**
 * Checks passwords by search and bind: the entry is looked for by its id under the very filter that
 * people are read with, and bound by the DN that it has now. Searches and binds have connections of
 * their own, apart from those that read: a bind changes who the server takes a connection for.
 */
export class LdapCredentials implements CredentialCheck {
  readonly #settings: LdapSettings
  readonly #reader: EntryReader
  readonly #searching: ChannelPool
  readonly #binding: ChannelPool
  readonly #breaker: Breaker
  readonly #deadlineMs: number

  constructor(
    name: string,
    settings: LdapSettings,
    request: EntryRequest,
    log: SourceLog,
    deadlineMs: number,
    surroundings: LdapSurroundings = {},
  ) {
    const { now = Date.now } = surroundings
    this.#settings = settings
    this.#deadlineMs = deadlineMs
    const filter = parseFilter(settings.filter ?? request.filter)
    const { base, scope, pageSize, silenceMs, connect } = settings
    const search = { base, scope, filter, attributes: [request.id.attribute] }
    this.#reader = new EntryReader(search, request.id, pageSize, silenceMs)
    const pool = (access: Access) =>
      new ChannelPool(
        async (signal) => (await access.open(signal, async () => null)).channel,
        connections,
        now,
      )
    this.#searching = pool(new Access(name, settings, log, surroundings))
    const unbound = { ...settings, connect: { ...connect, bind: null } }
    this.#binding = pool(new Access(name, unbound, log, surroundings))
    this.#breaker = new Breaker(failuresInARow, breakerRestMs, now)
  }

  async verify(entry: string | null, password: string, signal: AbortSignal): Promise<Verdict> {
    // A name with an empty password is an anonymous log-in, which succeeds (RFC 4513, 5.1.2).
    if (password === '') return { kind: 'refused', why: 'wrong' }
    if (!this.#breaker.admit()) {
      return { kind: 'unreachable', reason: 'it did not answer lately and is left alone a moment' }
    }
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.#deadlineMs)])
    const verdict = await this.#ask(entry, password, deadline).catch((error: unknown): Verdict => {
      const isLate = deadline.aborted && !signal.aborted
      const text = error instanceof Error ? error.message : String(error)
      const reason = isLate ? `no answer for ${this.#deadlineMs} ms` : text
      return { kind: 'unreachable', reason }
    })
    if (verdict.kind === 'unreachable') this.#breaker.failed()
    else this.#breaker.succeeded()
    return verdict
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#searching[Symbol.asyncDispose]()
    await this.#binding[Symbol.asyncDispose]()
  }

  async #ask(entry: string | null, password: string, signal: AbortSignal): Promise<Verdict> {
    const dn = await this.#searching.with(signal, (channel) =>
      this.#dnOf(channel, entry ?? randomUUID(), signal),
    )
    const nobody = `cn=${randomBytes(12).toString('hex')},${this.#settings.base}`
    const verdict = await this.#binding.with(signal, (channel) =>
      bind(channel, dn ?? nobody, password, this.#deadlineMs, signal),
    )
    // The made-up DN was never found, whatever a generous server says of it.
    if (dn === null && verdict.kind === 'right') return { kind: 'refused', why: 'wrong' }
    return verdict
  }

  async #dnOf(channel: Channel, id: string, signal: AbortSignal): Promise<string | null> {
    const { entries } = await this.#reader.byId(channel, [id], signal)
    const [found, another] = entries
    return found && !another ? found.dn : null
  }
}

async function bind(
  channel: Channel,
  dn: string,
  password: string,
  silenceMs: number,
  signal: AbortSignal,
): Promise<Verdict> {
  const result = await channel.exchange(
    (messageId) =>
      new BindRequest({ messageId, dn, password, controls: [new PasswordPolicyControl()] }),
    { silenceMs, signal },
  )
  return bindVerdict(result)
}
