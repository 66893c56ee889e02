/** One description of a class, an attribute or a content rule, as far as people are told of it. */
export interface Definition {
  readonly oid: string
  readonly names: readonly string[]
  readonly description: string
  /** Superior classes. */
  readonly above: readonly string[]
  readonly auxiliary: readonly string[]
  readonly must: readonly string[]
  readonly may: readonly string[]
}

/**
 * Reads `( 2.5.6.6 NAME 'person' SUP top MUST ( sn $ cn ) MAY description )` (RFC 4512, 4.1). Null
 * for what is no such thing: a server may say whatever it likes.
 */
export function readDefinition(text: string): Definition | null {
  const tokens = text.match(/[()$]|'(?:[^'\\]|\\.)*'|[^\s()$']+/g)
  const [open, oid] = tokens ?? []
  if (!tokens || open !== '(' || oid === undefined || oid === ')') return null
  const words = new Map<string, string[]>()
  let at = 2
  while (at < tokens.length && tokens[at] !== ')') {
    const word = tokens[at++] ?? ''
    const values: string[] = []
    if (tokens[at] === '(') {
      for (at++; at < tokens.length && tokens[at] !== ')'; at++) note(tokens[at], values)
      at++
    } else if (hasValue.has(word)) note(tokens[at++], values)
    words.set(word, values)
  }
  const list = (word: string) => words.get(word) ?? []
  return {
    oid,
    names: list('NAME'),
    description: list('DESC')[0] ?? '',
    above: list('SUP'),
    auxiliary: list('AUX'),
    must: list('MUST'),
    may: list('MAY'),
  }
}

/** Words that one value follows when there is no list. */
const hasValue: ReadonlySet<string> = new Set(['NAME', 'DESC', 'SUP', 'AUX', 'MUST', 'MAY'])

function note(token: string | undefined, values: string[]): void {
  if (token === undefined || token === '$') return
  values.push(
    token.startsWith("'") ? token.slice(1, -1).replaceAll(/\\(27|5c)/gi, unescape) : token,
  )
}

function unescape(_: string, code: string): string {
  return code === '27' ? "'" : '\\'
}
