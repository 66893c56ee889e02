import type { Health } from '../answers/admin/health.ts'
import { durationText } from '../sync/duration.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

/** `peerage health`: for those who watch over a container. Fails when nobody could be answered for. */
export async function health(named: string | undefined): Promise<number> {
  const { config } = loadConfig(named)
  const { status, people, sources } = (await askService(config, 'GET', '/healthz')) as Health
  const ages = sources.map(({ name, status, ageSeconds }) => {
    const age = ageSeconds === null ? 'never read' : `read ${durationText(ageSeconds * 1000)} ago`
    return `${name} ${status} (${age})`
  })
  process.stdout.write(`${status}: ${people} people; ${ages.join(', ')}\n`)
  return 0
}
