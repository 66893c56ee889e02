import { decodePairs, type Fields } from './codec.ts'

/** What Asterisk asks of a family: conditions that must all hold. */
export type Question = readonly Condition[]

/** `id LIKE=501;@%` is field `id`, operator `LIKE`. */
export interface Condition {
  readonly field: string
  readonly operator: Operator
  readonly value: string
}

const operators = ['=', 'LIKE', 'NOT LIKE', '!=', '<>', '<=', '>=', '<', '>'] as const
export type Operator = (typeof operators)[number]

/**
 * Reads a body such as `id%20LIKE=%25&priority=1`. The operator is a part of the field's name
 * (res_config_curl.c, realtime_multi_curl). An operator nobody knows makes a condition that never
 * holds, which is an empty answer.
 */
export function readQuestion(body: string): Question {
  const simple = /^(\w+)=([\w.+-]*)$/.exec(body) // `id=501`: nothing to decode, nothing to split
  if (simple) return [{ field: simple[1] ?? '', operator: '=', value: simple[2] ?? '' }]
  return decodePairs(body).map(([name, value]): Condition => {
    const space = name.indexOf(' ')
    if (space === -1) return { field: name, operator: '=', value }
    const operator = name
      .slice(space + 1)
      .trim()
      .toUpperCase()
    const known = operators.find((known) => known === operator)
    return known
      ? { field: name.slice(0, space), operator: known, value }
      : { field: '', operator: '=', value }
  })
}

/** Whether a row meets a condition; a field that the row has not is NULL, and never does. */
export function meets(fields: Fields, { field, operator, value }: Condition): boolean {
  const own = fields.find(([name]) => name === field)?.[1]
  if (own === undefined || own === '') return false
  switch (operator) {
    case '=':
      return own === value
    case '!=':
    case '<>':
      return own !== value
    case 'LIKE':
      return isLike(own, value)
    case 'NOT LIKE':
      return !isLike(own, value)
    default:
      return compareNumbers(Number(own), operator, Number(value))
  }
}

/** SQL's LIKE: `%` any run, `_` any one character, a backslash takes the next one literally. */
export function isLike(text: string, pattern: string): boolean {
  // Greedy matching with one point of return: linear in practice, never exponential.
  let at = 0
  let rest = 0
  let retryText = -1
  let retryPattern = -1
  while (at < text.length) {
    const wanted = pattern[rest]
    const literal = wanted === '\\' && rest + 1 < pattern.length
    if (wanted === '%') {
      retryPattern = ++rest
      retryText = at
    } else if (literal ? pattern[rest + 1] === text[at] : wanted === '_' || wanted === text[at]) {
      at++
      rest += literal ? 2 : 1
    } else if (retryPattern !== -1) {
      rest = retryPattern
      at = ++retryText
    } else {
      return false
    }
  }
  while (pattern[rest] === '%') rest++
  return rest === pattern.length
}

/** The literal beginning of a pattern of the form `text%`; undefined for any other. */
export function likePrefix(pattern: string): string | undefined {
  const match = /^((?:[^%_\\]|\\.)*)%$/s.exec(pattern)
  return match?.[1]?.replaceAll(/\\(.)/gs, '$1')
}

function compareNumbers(own: number, operator: '<=' | '>=' | '<' | '>', value: number): boolean {
  switch (operator) {
    case '<=':
      return own <= value
    case '>=':
      return own >= value
    case '<':
      return own < value
    case '>':
      return own > value
  }
}
