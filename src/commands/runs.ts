import type { Run } from '../state/runs.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'
import { paintFor } from '../paint.ts'
import { itemText } from '../sync/plan-text.ts'
import { runText } from './run-text.ts'

/** `peerage runs` and `peerage runs show N`: what became of the latest reads. */
export async function runs(
  named: string | undefined,
  [verb, id]: readonly string[],
  json: boolean,
): Promise<number> {
  const { config } = loadConfig(named)
  if (verb === undefined) {
    const answer = (await askService(config, 'GET', '/api/runs')) as { runs: Run[] }
    const lines = json ? [JSON.stringify(answer.runs, null, 2)] : answer.runs.map(line)
    process.stdout.write(`${lines.join('\n')}\n`)
    return 0
  }
  if (verb !== 'show' || !/^[0-9]{1,15}$/.test(id ?? '')) {
    throw new Error('expected: peerage runs, or peerage runs show N')
  }
  const { run } = (await askService(config, 'GET', `/api/runs/${id}`)) as { run: Run }
  const paint = paintFor(process.stdout, process.env)
  const lines = json
    ? [JSON.stringify(run, null, 2)]
    : [
        line(run),
        runText(run, run.problems.length),
        ...run.changes.flatMap((item) => itemText(item, paint)),
      ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

function line({ id, source, reason, outcome, startedAt, finishedAt, counts }: Run): string {
  const { added, changed, missing, back, disabled, removed } = counts
  const ms = `${finishedAt - startedAt} ms`
  return `${id}  ${new Date(startedAt).toISOString()}  ${source}  ${reason}  ${outcome}  ${ms}  +${added + back} ~${changed} -${missing + disabled + removed}`
}
