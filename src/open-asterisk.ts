import { Pins } from './answers/agi/pins.ts'
import { listScripts } from './answers/agi/scripts.ts'
import { buildAgi } from './answers/agi/server.ts'
import { openAri, type Ari } from './answers/ari/ari.ts'
import { Calls } from './answers/caller/calls.ts'
import type { LookupTally } from './answers/realtime/lookup-tally.ts'
import { compileClasses, type EndpointClass } from './answers/realtime/classes.ts'
import { openRealtime } from './answers/realtime/open-realtime.ts'
import { companyDomains } from './answers/realtime/realtime-options.ts'
import type { Config } from './config/schema.ts'
import type { Address } from './http/addresses.ts'
import { listenForAgi } from './http/agi.ts'
import type { Doors } from './http/doors.ts'
import { openPbxListeners } from './http/open-pbx.ts'
import type { Logger } from './logger.ts'
import { openPbx, type Pbx } from './pbx/pbx.ts'
import { Probes } from './pbx/probes.ts'
import type { People } from './people/people.ts'
import type { Person } from './person/person.ts'
import type { Site } from './person/site.ts'
import type { State } from './state/state.ts'

export interface AsteriskDeps {
  readonly people: People
  readonly state: State
  readonly site: Site
  readonly log: Logger
  readonly now: () => number
  readonly doors: Doors | undefined
}

/** What there is for Asterisk: where it asks, what calls are answered from, and who tells it. */
export interface ForAsterisk {
  /** The first of `listen.pbx`. */
  readonly pbx: Address
  readonly morePbx: readonly Address[]
  readonly agi: Address | null
  readonly asterisks: Pbx
  readonly ari: Ari
  readonly calls: Calls
  readonly classOf: (person: Person) => EndpointClass
  readonly tallies: readonly LookupTally[]
  readonly probes: Probes
}

/** Answers Asterisk, and tells each of those that are configured what changed; closed with the stack. */
export async function openForAsterisk(
  config: Config,
  { people, state, site, log, now, doors }: AsteriskDeps,
  stack: AsyncDisposableStack,
): Promise<ForAsterisk> {
  const { secrets, contacts, registrations, iaxRegistrations } = state
  const classOf = compileClasses(config.classes)
  const sources = Object.keys(config.sources)
  const asking = { people, site, sources, classOf, now, domains: companyDomains(config) }
  const calls = new Calls({ ...asking, options: config.calls })
  const known: { asterisks?: Pbx } = {}
  const from = { ...state, people, classOf, calls, now }
  const realtime = openRealtime(from, site, config, log, () => known.asterisks)
  const probes = new Probes()
  const asked = { realtime, probes, log, now }
  const [pbx, ...morePbx] = await openPbxListeners(config.listen, asked, stack, doors)
  const pins = new Pins({ people, secrets, tries: config.agi.pinTries, now })
  const scripts = listScripts({ calls, pins, classOf })
  const agiServer = buildAgi({ scripts, options: config.agi, log, now })
  const agi = await listenForAgi(agiServer, config.listen, stack, log, doors)
  const wakes = !config.listEverybody
  const told = { people, secrets, contacts, registrations, iaxRegistrations, log, now, wakes }
  const asterisks = (known.asterisks = stack.use(openPbx(config.asterisk, told)))
  const ari = stack.use(openAri(config.asterisk, { scripts, log, now }))
  const { tallies } = realtime
  return { pbx, morePbx, agi, asterisks, ari, calls, classOf, tallies, probes }
}
