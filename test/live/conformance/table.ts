import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import type { Asked } from './recorder.ts'

export type Observed = ReadonlyMap<AsteriskVersion, readonly Asked[]>

/** Family, verb and question by version: `answered`, `nothing` (asked, and there was none), or not asked. */
export function conformanceTable(observed: Observed): string {
  const versions = [...observed.keys()].sort((a, b) => b - a)
  const key = ({ family, verb, question }: Asked) => [family, verb, question].join('\t')
  const keys = new Set([...observed.values()].flatMap((asked) => asked.map(key)))
  const rows = [...keys].sort().map((row) => {
    const cells = versions.map((version) => {
      const same = (observed.get(version) ?? []).filter((asked) => key(asked) === row)
      if (same.length === 0) return ''
      return same.some(({ isAnswered }) => isAnswered) ? 'answered' : 'nothing'
    })
    const [family = '', verb = '', question = ''] = row.split('\t')
    return [`\`${family}\``, verb, question === '' ? '' : `\`${question}\``, ...cells]
  })
  return aligned([
    ['family', 'verb', 'question', ...versions.map((version) => `Asterisk ${version}`)],
    ...rows,
  ])
}

/** As prettier writes a table, so that it can stand in the documentation as it is. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const [head = [], ...body] = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)),
  )
  const rule = widths.map((width) => '-'.repeat(width))
  return [line(head), line(rule), ...body.map(line)].join('\n')
}
