import { mountLookup } from './answers/lookup/routes.ts'
import { NumberLedger } from './answers/admin/number-ledger.ts'
import { Roster } from './answers/admin/roster.ts'
import { RunTally } from './answers/metrics/run-tally.ts'
import { mountPage } from './answers/page/mount-page.ts'
import { Phonebook } from './answers/phonebook/phonebook.ts'
import { socketGate, webGate } from './answers/auth/actors.ts'
import type { Ari } from './answers/ari/ari.ts'
import type { Config } from './config/schema.ts'
import { controlSocketPath, listenOnSocket, refuseSecond } from './http/control-socket.ts'
import { listenLdap, type LdapAddresses } from './http/ldap.ts'
import type { Doors } from './http/doors.ts'
import { listen } from './http/listen.ts'
import type { Address } from './http/addresses.ts'
import { buildPhones } from './http/phones.ts'
import { listenTls } from './http/tls.ts'
import { buildWeb } from './http/web.ts'
import { loadPeople } from './load-people.ts'
import { openLogger, type Logger } from './logger.ts'
import { describeRules } from './mapping/described-rules.ts'
import { Node } from './nodes/node.ts'
import type { Pbx } from './pbx/pbx.ts'
import { Notices, openChannels } from './notices/notices.ts'
import type { People } from './people/people.ts'
import { compileSite } from './person/site.ts'
import type { Run, RunReason } from './state/runs.ts'
import { superadmin } from './state/accounts.ts'
import { databasePath, openState, type State } from './state/state.ts'
import { openForAsterisk } from './open-asterisk.ts'
import { openLogin } from './open-login.ts'
import { openSources } from './open-sources.ts'
import { openSettings } from './settings/open-settings.ts'
import type { SettingsFile } from './settings/settings-file.ts'
import { listening } from './state-listeners.ts'
import { nextRead } from './sync/schedule.ts'
import type { Sync } from './sync/sync.ts'
import type { SyncDeps } from './sync/synced-source.ts'

/** A running Peerage. Disposing of it closes everything in reverse order. */
export interface Service extends AsyncDisposable {
  /** Where Asterisk asks: the first of `listen.pbx`. */
  readonly pbx: Address
  readonly morePbx: readonly Address[]
  readonly web: Address
  /** Null: FastAGI is not answered. */
  readonly agi: Address | null
  /** Null: no TLS is configured. */
  readonly webTls: Address | null
  /** Where phones ask over LDAP. */
  readonly ldap: LdapAddresses
  readonly people: People
  readonly state: State
  /** The Asterisks that are told of changes. */
  readonly asterisks: Pbx
  /** The Asterisks whose calls ask by ARI. */
  readonly ari: Ari
  readonly syncs: readonly Sync[]
  /** The API token, when this start made it: shown once. */
  readonly newToken: string | null
  /** The password of the account `superadmin`, when this start made it: shown once. */
  readonly newPassword: string | null
  /** Settles when every source was tried once. */
  readonly ready: Promise<readonly Run[]>
  /** Runs the named source, or all, and resolves when they are done. */
  sync(source?: string, reason?: RunReason): Promise<readonly Run[]>
  /** Does nothing any more but answer. Resolves with the state, which now is the next service's. */
  leave(): Promise<State>
}

export interface ServiceOptions {
  readonly log?: Logger
  readonly now?: () => number
  /** Milliseconds of which only the passing counts, and which nobody can set. */
  readonly uptime?: () => number
  /** An open state that the service before has left; default: the configured one is opened. */
  readonly state?: State
  /** Where `config` comes from, to be changed from outside; default: it cannot be. */
  readonly file?: SettingsFile | null
  /** Addresses that stay open when this service is closed; default: they close with it. */
  readonly doors?: Doors
}

/**
 * Opens everything in order: state, the last good people, listeners, and only then the
 * directories. So a start with every directory dead answers like yesterday.
 */
export async function startService(config: Config, options: ServiceOptions = {}): Promise<Service> {
  const { log = openLogger(config.log), now = Date.now } = options
  const { uptime = () => Math.trunc(performance.now()) } = options
  await using stack = new AsyncDisposableStack()
  const socket = controlSocketPath(databasePath(config))
  if (socket !== null) await refuseSecond(socket)
  const state = options.state ?? (await openState(config, now))
  // One that was left is taken over when everything has started: else the one before needs it.
  let isOwner = options.state === undefined
  stack.defer(async () => {
    if (isOwner) await state[Symbol.asyncDispose]()
  })
  const people = await loadPeople(config, state)
  const site = compileSite(config.site)
  const stopping = new AbortController()

  const { lease, shared } = state
  const isTeller = () => lease.isHeld
  const notices = stack.use(new Notices(openChannels(config), { state, log, now, isTeller }))
  const runTally = new RunTally()
  const onRun: SyncDeps['onRun'] = (run, before) => {
    runTally.note(run)
    notices.tell(run, before)
  }
  const { signal } = stopping
  const deps = { people, state, log, now, uptime, signal, onRun }
  const sources = await openSources(config, site, deps, stack)
  const { syncs, dropped, sync, idle } = sources
  const { doors } = options
  const forAsterisk = { people, state, site, log, now, doors }
  const asterisk = await openForAsterisk(config, forAsterisk, stack)
  const { asterisks, ari, calls, classOf, probes } = asterisk

  async function synchronise(signal: AbortSignal): Promise<readonly Run[]> {
    if (shared) {
      await sources.takeUp()
      notices.resume()
    }
    return sources.synchronise(signal)
  }
  const follows = { people, state, syncs, log, synchronise, idle }
  const node = shared && stack.use(new Node({ ...follows, shared }))
  const { secrets, contacts, registrations, runs, plans } = state
  const { accounts, sessions, audit, tokens, doneRequests, setupLinks } = state
  const kept = { accounts, sessions, audit, tokens, doneRequests, setupLinks }
  const store = { secrets, contacts, registrations, runs, plans, ...kept }
  const forPhones = { people, site, tokens: state.phones, log, now }
  const phonebook = stack.use(new Phonebook(config, forPhones))
  const roster = stack.use(new Roster(people))
  const ledger = stack.use(new NumberLedger(people, site))
  const shown = {
    roster,
    ledger,
    people,
    syncs,
    dropped,
    now,
    site,
    calls,
    classOf,
    probes,
    phonebook,
  }
  const counted = { tallies: asterisk.tallies, runTally }
  const acting = { phones: state.phones, sync, signal, pbx: asterisks, ari, lease, node }
  const clockOf = (name: string) => syncs.find((each) => each.name === name)?.clock
  const tried = { people, clockOf, now, config, signal }
  const settings = openSettings({ ...tried, file: options.file ?? null })
  const api = { ...shown, ...store, ...counted, ...acting, me: config.me, log, settings }
  const newToken = tokens.size === 0 ? await tokens.make('first start') : null
  const newPassword = accounts.size === 0 ? await accounts.reset(superadmin) : null
  const login = openLogin(config, { people, state, site, log, now, signal }, stack)
  const { clientOf, addressOf } = login
  const phones = buildPhones(phonebook, log)
  const guarded = buildWeb(api, webGate(tokens, login.visitors, addressOf), log, {
    ...login,
    phones,
  })
  const nextReadOf = (name: string) => {
    const source = config.sources[name]
    return source ? nextRead(source) : null
  }
  const rulesOf = (name: string) => {
    const source = config.sources[name]
    return source ? describeRules(source) : []
  }
  mountPage(guarded, { ...login, ...api, nextReadOf, rulesOf })
  mountLookup(guarded, { calls, options: config.lookup, log })
  const web = await listen(guarded, config.listen.web, 'listen.web', stack, doors)
  const webTls = await listenTls(guarded, phones, config.listen.webTls, stack, doors)
  const { ldap: ldapOptions } = config.phonebook
  const forLdap = { ...forPhones, phonebook }
  const ldap = await listenLdap(config.listen, ldapOptions, forLdap, stack, doors)
  const control = buildWeb(api, socketGate, log, { clientOf })
  stack.defer(() => control.close())
  if (socket !== null) await listenOnSocket(control, socket)

  stack.defer(() => stopping.abort())
  const ready = node
    ? node.ready.then(() => syncs.flatMap(({ lastRun }) => lastRun ?? []))
    : synchronise(signal)
  /** Stops all that changes something; answers go on. */
  async function settle(): Promise<void> {
    stopping.abort()
    await idle()
    // A mail server may take its time; meanwhile there are answers.
    await notices[Symbol.asyncDispose]()
    await control.close()
  }
  const opened = stack.move()
  isOwner = true
  const { pbx, morePbx, agi } = asterisk
  return {
    pbx,
    morePbx,
    web,
    agi,
    webTls,
    ldap,
    people,
    state,
    asterisks,
    ari,
    syncs,
    newToken,
    newPassword,
    ready,
    sync,
    async leave() {
      await settle()
      isOwner = false
      opened.defer(listening(state))
      return state
    },
    async [Symbol.asyncDispose]() {
      await settle()
      await opened.disposeAsync()
    },
  }
}
