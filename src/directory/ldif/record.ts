import type { RawEntry } from '../entry.ts'
import type { EntryProblem } from '../source.ts'
import type { LdifLine } from './lines.ts'
import { parseAttributeLine } from './line.ts'

export type ParsedRecord =
  | {
      readonly kind: 'entry'
      readonly record: RawEntry
      readonly problems: readonly EntryProblem[]
    }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }
  /** What ldapsearch writes below its entries: its result, a reference, nothing. */
  | { readonly kind: 'remark'; readonly result: string | null }

/**
 * One record of lines. A line that cannot be read is named by `file:line` and left out, and the
 * record stays; a record that is no entry (no DN, another change than "add") is refused.
 */
export function parseRecord(lines: readonly LdifLine[], file: string): ParsedRecord {
  const problems: EntryProblem[] = []
  const attributes: { type: string; values: Buffer[] }[] = []
  const first = lines[0]?.number ?? 1
  const at = (line: number) => `${file}:${line}`
  const refuse = (line: number, text: string): ParsedRecord => {
    return { kind: 'refused', problems: [...problems, { entry: at(line), text }] }
  }

  let dn: string | null = null
  let changeType = 'add'
  for (const { number, bytes } of lines) {
    const line = parseAttributeLine(bytes)
    const name = line.name?.toLowerCase() ?? null
    if ('wrong' in line) {
      if (name === 'dn') return refuse(number, `dn: ${line.wrong}; the record is left out`)
      const text = `${line.wrong}; the line is left out`
      problems.push({ entry: at(number), ...(name === null ? {} : { attribute: name }), text })
    } else if (name === 'dn' && dn === null) {
      dn = decodeDn(line.value)
      if (dn === null) return refuse(number, 'the dn is not UTF-8 text; the record is left out')
    } else if (name === 'changetype') {
      changeType = line.value.toString().trim().toLowerCase()
    } else if (name === 'version' && dn === null) {
      const version = line.value.toString().trim()
      if (version !== '1') {
        problems.push({ entry: at(number), text: `version ${version} is not known, expected 1` })
      }
    } else if (name !== 'control' || dn === null) {
      attributes.push({ type: line.name, values: [line.value] })
    }
  }

  if (dn === null) {
    const remark = asRemark(attributes)
    if (remark && problems.length === 0) return remark
    return refuse(first, 'the record has no dn; expected "dn: …" as its first line')
  }
  if (changeType !== 'add') {
    return refuse(first, `"changetype: ${changeType}" is not taken, expected entries or "add"`)
  }
  return { kind: 'entry', record: { dn, attributes }, problems }
}

function decodeDn(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim() || null
  } catch {
    return null
  }
}

function asRemark(
  attributes: readonly { type: string; values: readonly Buffer[] }[],
): ParsedRecord | null {
  const names = attributes.map(({ type }) => type.toLowerCase())
  if (!names.every((name) => remarks.has(name))) return null
  const result = attributes[names.indexOf('result')]?.values[0]?.toString() ?? null
  return { kind: 'remark', result }
}

/** Line names of ldapsearch's own, outside of entries. */
const remarks = new Set(['search', 'result', 'ref', 'text', 'matcheddn', 'pagedresults', 'control'])
