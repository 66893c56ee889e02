import type { Run } from '../state/runs.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'
import { runText } from './run-text.ts'

/** `peerage sync [SOURCE]`: reads the directories now and says what changed. */
export async function sync(named: string | undefined, source: string | undefined): Promise<number> {
  const { config } = loadConfig(named)
  if (source !== undefined && !config.sources[source]) {
    const known = Object.keys(config.sources).join(', ')
    throw new Error(`there is no source '${source}'; known are ${known}`)
  }
  const names = source === undefined ? Object.keys(config.sources) : [source]
  let failed = 0
  for (const name of names) {
    // The service answers with the run itself (answers/admin/api.ts).
    const answer = (await askService(config, 'POST', `/api/sync?source=${name}`)) as { runs: Run[] }
    for (const run of answer.runs) {
      process.stdout.write(`${runText(run)}\n`)
      if (run.outcome !== 'done') failed++
    }
  }
  return failed === 0 ? 0 : 1
}

/** `peerage sync --only X`: reads one entry again, by DN, id, login name or number. */
export async function syncOnly(named: string | undefined, what: string): Promise<number> {
  const { config } = loadConfig(named)
  const body = { [kindOf(what)]: what }
  const answer = (await askService(config, 'POST', '/api/invalidate', body)) as { runs: Run[] }
  const lines = answer.runs.map((run) => runText(run))
  process.stdout.write(`${lines.join('\n') || 'read again; nothing has changed'}\n`)
  return answer.runs.some(({ outcome }) => outcome === 'failed') ? 1 : 0
}

function kindOf(what: string): 'dn' | 'id' | 'user' | 'number' {
  if (what.includes('=')) return 'dn'
  if (what.includes('/') || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(what)) return 'id'
  return /^[+(]?[\d][\d ()./-]*$/.test(what) ? 'number' : 'user'
}
