import type { Run } from '../state/runs.ts'

/** A run in a few lines, with its first problems. */
export function runText(run: Run, problemsShown = 10): string {
  const { source, outcome, error, counts, startedAt, finishedAt, problems } = run
  const took = `${((finishedAt - startedAt) / 1000).toFixed(1)} s`
  if (outcome === 'failed') return `${source}: failed after ${took}, nothing was changed: ${error}`
  const shown = problems.slice(0, problemsShown).map(({ entry, attribute, text }) => {
    return `  ${entry}${attribute === undefined ? '' : ` (${attribute})`}: ${text}`
  })
  const more = counts.problems - shown.length
  const rest = more > 0 ? [`  … and ${more} more`] : []
  if (outcome === 'held')
    return [`${source}: nothing was changed: ${error}`, ...shown, ...rest].join('\n')
  const { people, added, changed, missing, back, disabled, removed } = counts
  const what = [
    `${added} added`,
    `${changed} changed`,
    ...(back > 0 ? [`${back} back`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(disabled > 0 ? [`${disabled} disabled`] : []),
    `${removed} removed`,
    ...(counts.healed > 0 ? [`${counts.healed} of them healed (not announced)`] : []),
    `${counts.problems} problems`,
  ]
  return [`${source}: ${people} people in ${took}; ${what.join(', ')}`, ...shown, ...rest].join(
    '\n',
  )
}
