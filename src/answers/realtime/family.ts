import type { KeptAnswers } from './kept-answers.ts'
import { meets, type Question } from './question.ts'
import type { Row } from './row.ts'

/**
 * One Asterisk realtime table (`ps_endpoints`, `sippeers`, `extensions` …): what it answers when
 * Asterisk asks, and what it keeps when Asterisk writes. Reads are synchronous, out of memory.
 */
export interface Family {
  readonly name: string
  /** Every column that a row may have. A question about any other is answered with nothing. */
  readonly columns: ReadonlySet<string>
  /**
   * Exact questions by column: the rows that can be meant, straight from an index. Where a
   * question names several of these columns the first in this order is used.
   */
  readonly exact: Readonly<Record<string, (value: string, question: Question) => Iterable<Row>>>
  /** `LIKE` questions that need no scan; undefined where this pattern does. */
  readonly like?: Readonly<
    Record<string, (pattern: string, question: Question) => Iterable<Row> | undefined>
  >
  /** Every row, or at least those that can meet the question. */
  all(question: Question): Iterable<Row>
  /** Encoded answers that are at hand; absent where a row depends on more than a person. */
  readonly kept?: KeptAnswers
  /** Writes resolve with the number of rows that matched, when they are kept. Absent: read only. */
  update?(question: Question, fields: ReadonlyMap<string, string>): Promise<number>
  store?(fields: ReadonlyMap<string, string>): Promise<number>
  destroy?(question: Question): Promise<number>
}

/** The rows that meet every condition, found through an index wherever there is one. */
export function rowsFor(family: Family, question: Question): Iterable<Row> {
  // `id=501` and nothing else is what nearly every question is.
  const [only] = question
  if (question.length === 1 && only?.operator === '=') {
    const find = family.exact[only.field]
    if (find) return find(only.value, question)
  }
  return matchingRows(family, question)
}

function* matchingRows(family: Family, question: Question): Generator<Row> {
  if (question.some(({ field }) => !family.columns.has(field))) return
  const { candidates, rest } = narrow(family, question)
  for (const row of candidates) {
    if (rest.every((condition) => meets(row.fields, condition))) yield row
  }
}

function narrow(family: Family, question: Question): { candidates: Iterable<Row>; rest: Question } {
  for (const [field, find] of Object.entries(family.exact)) {
    const condition = question.find((each) => each.field === field && each.operator === '=')
    if (condition) return { candidates: find(condition.value, question), rest: question }
  }
  for (const [field, find] of Object.entries(family.like ?? {})) {
    const condition = question.find((each) => each.field === field && each.operator === 'LIKE')
    const candidates = condition && find(condition.value, question)
    if (candidates) return { candidates, rest: question.filter((each) => each !== condition) }
  }
  return { candidates: family.all(question), rest: question }
}
