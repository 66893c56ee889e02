/** What Asterisk says in the beginning: `agi_callerid` and the like, `agi_` left away. */
export type Environment = ReadonlyMap<string, string>

/** One line of the environment; undefined when it is none. Values are raw and hostile. */
export function readEnvironmentLine(line: string): readonly [string, string] | undefined {
  const match = /^agi_([a-z0-9_]{1,40}):[ ]?(.*)$/.exec(line)
  return match ? [match[1] ?? '', match[2] ?? ''] : undefined
}

/** What a channel is to have, in this order. */
export type Variables = readonly (readonly [name: string, value: string])[]

/** How Asterisk answered one command. */
export interface Reply {
  /** 200 done, 510 no such command, 511 not in this state, 520 wrong arguments. */
  readonly code: number
  /** Of `200 result=…`; null when there is none. */
  readonly result: string | null
  /** What stood in brackets behind it, raw: it may hold brackets and quotes itself. */
  readonly value: string | null
}

/**
 * A line of Asterisk's: a whole reply, the beginning or the end of one of several lines (520), the
 * `HANGUP` that may come at any point (res_agi.c), or none of these.
 */
export type ReplyLine =
  { readonly is: 'reply'; readonly reply: Reply } | { readonly is: 'more' | 'hangup' | 'other' }

export function readReplyLine(line: string): ReplyLine {
  if (line === 'HANGUP') return { is: 'hangup' }
  const match = /^(\d{3})([ -])(.*)$/.exec(line)
  if (!match) return { is: 'other' }
  if (match[2] === '-') return { is: 'more' }
  const text = match[3] ?? ''
  const result = /^result=(\S*)/.exec(text)?.[1] ?? null
  // The value ends at the last bracket: `200 result=1 ("Zoë (Q)" <501>)`.
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  const value = open >= 0 && close > open ? text.slice(open + 1, close) : null
  return { is: 'reply', reply: { code: Number(match[1]), result, value } }
}

/** One command, a line. */
export function encodeCommand(...words: readonly string[]): string {
  return `${words.map(quoted).join(' ')}\n`
}

/**
 * Commands that give a channel these variables, in this order: as few as they fit into, because a
 * call waits for each. `MSet` takes a value as it is behind the first `=` (pbx_variables.c), when
 * nothing in it means anything to who takes the list apart (__ast_app_separate_args of app.c).
 */
export function encodeVariables(variables: Variables): readonly string[] {
  const commands: string[] = []
  let rest = variables.map(
    ([name, value]) => `${name}=${plainLine(value).replaceAll(/[\\",()[\]]/g, '\\$&')}`,
  )
  while (rest.length > 0) {
    let taken = Math.min(rest.length, mostVariables)
    let command = encodeMSet(rest.slice(0, taken))
    while (taken > 1 && Buffer.byteLength(command) > longestCommand) {
      command = encodeMSet(rest.slice(0, --taken))
    }
    commands.push(command)
    rest = rest.slice(taken)
  }
  return commands
}

/** MSet has room for 24, and takes the last of them for all that is left. */
const mostVariables = 20
/** Bytes; res_agi.c reads 2047. */
const longestCommand = 2000

function encodeMSet(pairs: readonly string[]): string {
  return encodeCommand('EXEC', 'MSet', pairs.join(','))
}

/** As parse_args of res_agi.c takes it apart: backslash before a quote or a backslash. */
function quoted(word: string): string {
  if (/^[A-Za-z0-9_()+@.:/-]+$/.test(word)) return word
  return `"${plainLine(word).replaceAll(/["\\]/g, '\\$&')}"`
}

function plainLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}
