import { isDeepStrictEqual } from 'node:util'
import { addressText } from '../http/addresses.ts'
import { Doors } from '../http/doors.ts'
import { inheritedSockets } from '../http/inherited-sockets.ts'
import { openLogger, type Logger } from '../logger.ts'
import { startService, type Service } from '../service.ts'
import { loadConfig, loadSample, type LoadedConfig } from './load-config.ts'
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
  await using doors = await Doors.open(inheritedSockets(process.env, process.pid))
  const load = () => (kind === 'demo' ? loadSample() : loadConfig(named))
  let before: LoadedConfig | null = null
  let wanted: LoadedConfig | null = load()
  while (wanted !== null) {
    const { service, loaded, log }: Started = await start(wanted, before, doors)
    await using _service = service
    const closed = await doors.closeUnused()
    if (closed.length > 0) log.warn({ addresses: closed }, 'nothing is configured to listen here')
    await sayReady(service, loaded, log)
    wanted = await nextConfig(service, loaded, { load, signals, log })
    before = loaded
  }
  return 0
}

interface Started {
  readonly service: Service
  readonly loaded: LoadedConfig
  readonly log: Logger
}

/** What a check of the file cannot foresee (an address that is taken) must not silence a company. */
async function start(
  wanted: LoadedConfig,
  before: LoadedConfig | null,
  doors: Doors,
): Promise<Started> {
  const log = openLogger(wanted.file === null ? 'warn' : wanted.config.log)
  try {
    return { service: await startService(wanted.config, { log, doors }), loaded: wanted, log }
  } catch (error) {
    if (before === null) throw error
    log.error({ problem: text(error) }, 'the new configuration does not start, back to the old')
    return start(before, null, doors)
  }
}

/** Resolves with the configuration to go on with; null: with none, the service is to stop. */
async function nextConfig(
  service: Service,
  { config }: LoadedConfig,
  { load, signals, log }: { load: () => LoadedConfig; signals: Signals; log: Logger },
): Promise<LoadedConfig | null> {
  for (;;) {
    const wish = await signals.next()
    if (wish === 'stop') {
      log.info({}, 'stopping')
      return null
    }
    const next = tryToLoad(load, log)
    if (next === null) continue
    if (!isDeepStrictEqual(next.config, config)) {
      log.info({ config: next.file }, 'taking up the changed configuration')
      return next
    }
    log.info({ config: next.file }, 'configuration unchanged, reading the directories')
    void service.sync(undefined, 'signal')
  }
}

function tryToLoad(load: () => LoadedConfig, log: Logger): LoadedConfig | null {
  try {
    return load()
  } catch (error) {
    log.error({ problem: text(error) }, 'configuration not taken up, the old one goes on')
    return null
  }
}

async function sayReady(service: Service, { file }: LoadedConfig, log: Logger): Promise<void> {
  if (file === null) {
    await service.ready
    process.stdout.write(thingsToTry(service))
    return
  }
  const { pbx, morePbx, web, newToken } = service
  const asked = [pbx, ...morePbx].map(addressText)
  log.info({ config: file, pbx: asked, web: addressText(web) }, 'ready')
  if (newToken !== null) {
    // Not a log line: a log is kept and shipped, and this is the only time that it is shown.
    process.stderr.write(`API token (shown this once): ${newToken}\n`)
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
