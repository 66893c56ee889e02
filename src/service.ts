import { Pins } from './answers/agi/pins.ts'
import { listScripts } from './answers/agi/scripts.ts'
import { buildAgi } from './answers/agi/server.ts'
import { openAri, type Ari } from './answers/ari/ari.ts'
import { Calls } from './answers/caller/calls.ts'
import { mountLookup } from './answers/lookup/routes.ts'
import { RunTally } from './answers/metrics/run-tally.ts'
import { mountPage } from './answers/page/mount-page.ts'
import { Phonebook } from './answers/phonebook/phonebook.ts'
import { socketGate, webGate } from './answers/auth/actors.ts'
import { compileClasses } from './answers/realtime/classes.ts'
import { openRealtime } from './answers/realtime/open-realtime.ts'
import { companyDomains } from './answers/realtime/realtime-options.ts'
import type { Config } from './config/schema.ts'
import { listenForAgi } from './http/agi.ts'
import { controlSocketPath, listenOnSocket, refuseSecond } from './http/control-socket.ts'
import { listenLdap, type LdapAddresses } from './http/ldap.ts'
import type { Doors } from './http/doors.ts'
import { listen } from './http/listen.ts'
import { openPbxListeners } from './http/open-pbx.ts'
import type { Address } from './http/addresses.ts'
import { buildPhones } from './http/phones.ts'
import { listenTls } from './http/tls.ts'
import { buildWeb } from './http/web.ts'
import { openLogger, type Logger } from './logger.ts'
import { Node } from './nodes/node.ts'
import { openPbx, type Pbx } from './pbx/pbx.ts'
import { Notices, openChannels } from './notices/notices.ts'
import { Probes } from './pbx/probes.ts'
import { People } from './people/people.ts'
import { compileSite } from './person/site.ts'
import type { Run, RunReason } from './state/runs.ts'
import { superadmin } from './state/accounts.ts'
import { databasePath, openState, type State } from './state/state.ts'
import { openLogin } from './open-login.ts'
import { openSynced } from './open-synced.ts'
import { DroppedSource } from './sync/dropped-source.ts'
import { compileJoins } from './sync/join.ts'
import { keepInSync, nextRead } from './sync/schedule.ts'
import { neverRead } from './sync/source-clock.ts'
import { Sync } from './sync/sync.ts'
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

  const isTeller = () => state.lease.isHeld
  const notices = stack.use(new Notices(openChannels(config), { state, log, now, isTeller }))
  const clocks = await state.people.readSources()
  const runTally = new RunTally()
  const onRun: SyncDeps['onRun'] = (run, before) => {
    runTally.note(run)
    notices.tell(run, before)
  }
  const deps = { people, state, log, now, uptime, signal: stopping.signal, onRun }
  const sources = Object.entries(config.sources).map(([name, options]) => {
    const synced = openSynced(name, config, site, log)
    const { source } = synced
    stack.use(source)
    return { source, options, sync: new Sync(synced, deps, clocks.get(name) ?? neverRead) }
  })
  const syncs = sources.map(({ sync }) => sync)
  const { lease, shared } = state
  for (const each of syncs) await (shared ? each.catchUp() : each.open())
  const dropped: DroppedSource[] = shared ? [] : await openDropped(config, deps)
  reportStart(log, people, syncs, now())

  const { secrets, contacts, registrations, runs } = state
  const classOf = compileClasses(config.classes)
  const names = Object.keys(config.sources)
  const domains = companyDomains(config)
  const asking = { people, site, sources: names, classOf, now, domains }
  const calls = new Calls({ ...asking, options: config.calls })
  const from = { ...state, people, classOf, calls, now }
  const realtime = openRealtime(from, site, config, log)
  const probes = new Probes()
  const asked = { realtime, probes, log, now }
  const { doors } = options
  const [pbx, ...morePbx] = await openPbxListeners(config.listen, asked, stack, doors)
  const pins = new Pins({ people, secrets, tries: config.agi.pinTries, now })
  const scripts = listScripts({ calls, pins, classOf })
  const agiServer = buildAgi({ scripts, options: config.agi, log, now })
  const agi = await listenForAgi(agiServer, config.listen, stack, log, doors)
  const { iaxRegistrations } = state
  const wakes = !config.listEverybody
  const told = { people, secrets, contacts, registrations, iaxRegistrations, log, now, wakes }
  const asterisks = stack.use(openPbx(config.asterisk, told))
  const ari = stack.use(openAri(config.asterisk, { scripts, log, now }))

  async function sync(source?: string, reason: RunReason = 'request'): Promise<readonly Run[]> {
    if (!lease.isHeld) return []
    const wanted = syncs.filter(({ name }) => source === undefined || name === source)
    return Promise.all(wanted.map((each) => each.run(reason)))
  }
  const { plans } = state
  const { signal } = stopping
  const { accounts, sessions, audit } = state
  const store = { secrets, contacts, registrations, runs, plans, accounts, sessions, audit }
  const idle = () => Promise.all(syncs.map((each) => each.idle())).then(() => undefined)
  async function synchronise(signal: AbortSignal): Promise<readonly Run[]> {
    if (shared) await takeUp()
    return Promise.all(
      sources.map(({ sync, source, options }) => keepInSync(sync, source, options, log, signal)),
    )
  }
  /** What waits for somebody since before this node had the lease. */
  async function takeUp(): Promise<void> {
    dropped.splice(0, Infinity, ...(await openDropped(config, deps)))
    notices.resume()
  }
  const follows = { people, state, syncs, log, synchronise, idle }
  const node = shared && stack.use(new Node({ ...follows, shared }))
  const forPhones = { people, site, tokens: state.phones, log, now }
  const phonebook = stack.use(new Phonebook(config, forPhones))
  const shown = { people, syncs, dropped, now, site, calls, classOf, probes, phonebook }
  const counted = { tallies: realtime.tallies, runTally }
  const acting = { phones: state.phones, sync, signal, pbx: asterisks, ari, lease, node }
  const api = { ...shown, ...store, ...counted, ...acting }
  const newToken = state.tokens.size === 0 ? await state.tokens.make('first start') : null
  const newPassword = accounts.size === 0 ? await accounts.reset(superadmin) : null
  const login = openLogin(config, { people, state, site, log, now, signal }, stack)
  const { clientOf } = login
  const phones = buildPhones(phonebook, log)
  const guarded = buildWeb(api, webGate(state.tokens, login.visitors), log, { ...login, phones })
  const nextReadOf = (name: string) => {
    const source = config.sources[name]
    return source ? nextRead(source) : null
  }
  mountPage(guarded, { ...api, ...login, nextReadOf, log })
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
      const forgetListeners = [secrets, contacts, registrations, iaxRegistrations].map((each) =>
        each.listening(),
      )
      opened.defer(() => forgetListeners.forEach((forget) => forget()))
      return state
    },
    async [Symbol.asyncDispose]() {
      await settle()
      await opened.disposeAsync()
    },
  }
}

/** The last good people, also those of sources that are not configured any more. */
async function loadPeople(config: Config, state: State): Promise<People> {
  const names = Object.keys(config.sources)
  const joins = await state.people.keepJoins(compileJoins(config.sources), names)
  const people = new People(names, joins)
  for await (const members of state.people.load()) {
    people.apply({ put: members.map((after) => ({ before: undefined, after })), removed: [] })
  }
  return people
}

/** What becomes of the people of sources that are not configured any more is somebody's decision. */
async function openDropped(config: Config, deps: SyncDeps): Promise<DroppedSource[]> {
  const known = Object.keys(config.sources)
  const names = (await deps.state.people.sources()).filter((name) => !known.includes(name))
  const dropped = names.map((name) => new DroppedSource(name, deps))
  // A changed password is no other configuration.
  const text = JSON.stringify(config.sources, (key, value: unknown) =>
    key === 'password' ? undefined : value,
  )
  for (const each of dropped) await each.open(text)
  return dropped
}

function reportStart(log: Logger, people: People, syncs: readonly Sync[], now: number): void {
  for (const { name, readAt } of syncs) {
    const known = people.countOf(name)
    if (readAt === null) log.info({ source: name }, 'source was never read so far')
    else {
      const ageSeconds = Math.round((now - readAt) / 1000)
      log.info({ source: name, people: known, ageSeconds }, 'answering from the last good people')
    }
  }
}
