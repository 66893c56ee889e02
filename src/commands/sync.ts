import type { Run } from '../state/runs.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

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
      if (run.outcome === 'failed') failed++
    }
  }
  return failed === 0 ? 0 : 1
}

function runText({ source, outcome, error, counts, startedAt, finishedAt, problems }: Run): string {
  const took = `${((finishedAt - startedAt) / 1000).toFixed(1)} s`
  if (outcome === 'failed') return `${source}: failed after ${took}, nothing was changed: ${error}`
  const { people, added, changed, removed } = counts
  const lines = [
    `${source}: ${people} people in ${took}; ${added} added, ${changed} changed, ${removed} removed, ${counts.problems} problems`,
    ...problems.slice(0, 10).map(({ entry, attribute, text }) => {
      return `  ${entry}${attribute === undefined ? '' : ` (${attribute})`}: ${text}`
    }),
  ]
  if (counts.problems > 10) lines.push(`  … and ${counts.problems - 10} more`)
  return lines.join('\n')
}
