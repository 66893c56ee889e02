import { once } from 'node:events'
import { addressText } from '../http/addresses.ts'
import { openLogger } from '../logger.ts'
import { startService, type Service } from '../service.ts'
import { loadConfig, loadSample } from './load-config.ts'
import { thingsToTry } from './things-to-try.ts'

/** `peerage serve` and `peerage demo`: runs until SIGINT or SIGTERM; SIGHUP reads the directories. */
export async function serve(
  named: string | undefined,
  kind: 'configured' | 'demo',
): Promise<number> {
  const { config, file } = kind === 'demo' ? loadSample() : loadConfig(named)
  const isSample = file === null
  const log = openLogger(isSample ? 'warn' : config.log)
  await using service = await startService(config, { log })
  if (isSample) {
    await service.ready
    process.stdout.write(thingsToTry(service))
  } else {
    const { pbx, morePbx, web } = service
    const asked = [pbx, ...morePbx].map(addressText)
    log.info({ config: file, pbx: asked, web: addressText(web) }, 'ready')
    if (service.newToken !== null) {
      // Not a log line: a log is kept and shipped, and this is the only time that it is shown.
      process.stderr.write(`API token (shown this once): ${service.newToken}\n`)
    }
  }
  await untilStopped(service)
  log.info({}, 'stopping')
  return 0
}

async function untilStopped(service: Service): Promise<void> {
  const read = () => void service.sync(undefined, 'signal')
  process.on('SIGHUP', read)
  try {
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  } finally {
    process.off('SIGHUP', read)
  }
}
