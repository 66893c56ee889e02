import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { addressText } from '../http/addresses.ts'
import { Doors } from '../http/doors.ts'
import { tendHeap } from '../heap.ts'
import { inheritedSockets } from '../http/inherited-sockets.ts'
import { openLogger, type Logger } from '../logger.ts'
import { startService, type Service, type ServiceOptions } from '../service.ts'
import { loadConfig, loadSample, type LoadedConfig } from './load-config.ts'
import { SettingsFile } from '../settings/settings-file.ts'
import { Signals } from './signals.ts'
import { thingsToTry } from './things-to-try.ts'

/**
 * `peerage serve` and `peerage demo`: runs until SIGINT or SIGTERM. SIGHUP reads the configuration
 * again, and the directories.
 */
export async function serve(
  named: string | undefined,
  kind: 'configured' | 'demo',
): Promise<number> {
  using signals = new Signals()
  using _heap = tendHeap()
  await using doors = await Doors.open(inheritedSockets(process.env, process.pid))
  const load = () => (kind === 'demo' ? loadSample() : loadConfig(named))
  const first = load()
  const file = settingsFile(first, signals)
  let running = await start(first, { doors, file })
  for (;;) {
    await using _answering = running.service
    const closed = await doors.closeUnused()
    const { log } = running
    if (closed.length > 0) log.warn({ addresses: closed }, 'nothing is configured to listen here')
    await sayReady(running)
    await file?.inForce()
    const next = await nextConfig(running, load, signals, file)
    if (next === null) {
      doors.stopListening()
      await delay(lastCallersMs)
      return 0
    }
    // The one before answers until the next one does, and is closed then.
    running = await exchange(running, next, { doors, file })
  }
}

/** What can be changed from outside; a sample company is what it is. */
function settingsFile({ file }: LoadedConfig, signals: Signals): SettingsFile | null {
  return file === null ? null : new SettingsFile(file, process.env, () => signals.reload())
}

/** Whoever was let in just now has yet to ask, and is answered; milliseconds. */
const lastCallersMs = 200

interface Running {
  readonly service: Service
  readonly loaded: LoadedConfig
  readonly log: Logger
}

async function start(loaded: LoadedConfig, options: ServiceOptions): Promise<Running> {
  const log = openLogger(loaded.file === null ? 'warn' : loaded.config.log)
  return { service: await startService(loaded.config, { ...options, log }), loaded, log }
}

async function exchange(
  before: Running,
  next: LoadedConfig,
  options: { readonly doors: Doors; readonly file: SettingsFile | null },
): Promise<Running> {
  const { service, loaded, log } = before
  // A node among several takes up its place anew; who asks meanwhile waits at the doors.
  const isSameState = isDeepStrictEqual(stateOf(next), stateOf(loaded)) && !isShared(next)
  const state = await service.leave()
  // Another state is read before anybody answers from it, and this one is not left open.
  if (!isSameState) await service[Symbol.asyncDispose]()
  try {
    if (isSameState) return await start(next, { ...options, state })
    await state[Symbol.asyncDispose]()
    return await start(next, options)
  } catch (error) {
    // What a check of the file cannot foresee (an address that is taken) must not silence a company.
    log.error({ problem: text(error) }, 'the new configuration does not start, back to the old')
    await options.file?.refused(text(error))
    try {
      return await start(loaded, isSameState ? { ...options, state } : options)
    } catch (failure) {
      await state[Symbol.asyncDispose]()
      throw failure
    }
  }
}

function isShared({ config }: LoadedConfig): boolean {
  return !config.state.startsWith('sqlite:')
}

/** Everything that says where the state is and how it is opened. */
function stateOf({ config }: LoadedConfig): unknown {
  return Object.entries(config).filter(([name]) => name.startsWith('state'))
}

/** Resolves with the configuration to go on with; null: with none, the service is to stop. */
async function nextConfig(
  { service, loaded: { config }, log }: Running,
  load: () => LoadedConfig,
  signals: Signals,
  file: SettingsFile | null,
): Promise<LoadedConfig | null> {
  for (;;) {
    const wish = await signals.next()
    if (wish === 'stop') {
      log.info({}, 'stopping')
      return null
    }
    const next = await tryToLoad(load, log, file)
    if (next === null) continue
    if (!isDeepStrictEqual(next.config, config)) {
      log.info({ config: next.file }, 'taking up the changed configuration')
      return next
    }
    log.info({ config: next.file }, 'configuration unchanged, reading the directories')
    await file?.inForce()
    void service.sync(undefined, 'signal')
  }
}

async function tryToLoad(
  load: () => LoadedConfig,
  log: Logger,
  file: SettingsFile | null,
): Promise<LoadedConfig | null> {
  try {
    return load()
  } catch (error) {
    log.error({ problem: text(error) }, 'configuration not taken up, the old one goes on')
    await file?.refused(text(error))
    return null
  }
}

async function sayReady({ service, loaded: { file }, log }: Running): Promise<void> {
  if (file === null) {
    await service.ready
    process.stdout.write(thingsToTry(service))
    return
  }
  const { pbx, morePbx, web, newToken, newPassword } = service
  const asked = [pbx, ...morePbx].map(addressText)
  log.info({ config: file, pbx: asked, web: addressText(web) }, 'ready')
  if (newToken !== null) {
    // Not a log line: a log is kept and shipped, and this is the only time that it is shown.
    process.stderr.write(`API token (shown this once): ${newToken}\n`)
  }
  if (newPassword !== null) {
    process.stderr.write(`Account superadmin, password (shown this once): ${newPassword}\n`)
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
