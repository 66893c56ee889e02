/**
 * Regular expressions are written by administrators and run over text that strangers wrote into
 * the directory. JavaScript's engine backtracks and cannot be interrupted, so a pattern that could
 * take very long is refused when the configuration is read, and values are bounded.
 */
export const longestMatched = 256

/** The expression, or one sentence that says what is wrong with it and where. */
export function compileSafely(pattern: string): RegExp | string {
  if (pattern.length > 500) return 'the expression is longer than 500 characters'
  const flags = isExpression(pattern, 'u') ? 'u' : ''
  let expression: RegExp
  try {
    expression = new RegExp(pattern, flags)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return `no regular expression: ${message.replace(/^Invalid regular expression: /, '')}`
  }
  const parser = new PatternParser(pattern, flags)
  try {
    const weight = parser.weigh()
    if (weight <= heaviest) return expression
    return 'too many repetitions that can match the same characters, such as .*x.*y.*; say more exactly what stands between'
  } catch (error) {
    if (error instanceof UnsafePattern) return error.message
    throw error
  }
}

/** Number of capture groups. */
export function countGroups(expression: RegExp): number {
  const match = new RegExp(`${expression.source}|`, expression.flags.replace('g', '')).exec('')
  return (match?.length ?? 1) - 1
}

function isExpression(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags).source !== ''
  } catch {
    return false
  }
}

class UnsafePattern extends Error {
  override name = 'UnsafePattern'
}

/** Three repetitions over one text of 256 characters are some million steps at worst: milliseconds. */
const heaviest = 3

/**
 * How many repetitions can compete for each sample character. Competing repetitions cost a power
 * of the text's length each; a repetition inside a repetition costs a power of two, and is refused.
 */
interface Weight {
  /** By sample character. */
  readonly counts: readonly number[]
  /** Holds a choice or a repetition of variable length, so that it may match in several ways. */
  readonly varies: boolean
}

class PatternParser {
  readonly #pattern: string
  readonly #flags: string
  readonly #samples: readonly string[]
  #at = 0

  constructor(pattern: string, flags: string) {
    this.#pattern = pattern
    this.#flags = flags
    this.#samples = [...new Set(`aZ05 -_.,;:=+@/()*#äß${pattern}`)]
  }

  weigh(): number {
    const weight = this.#alternatives()
    // Without ^ the whole search starts again at each character.
    const restarts = this.#pattern.startsWith('^') ? 0 : 1
    return Math.max(0, ...weight.counts) + restarts
  }

  #alternatives(): Weight {
    let weight = this.#sequence()
    while (this.#pattern[this.#at] === '|') {
      this.#at += 1
      const other = this.#sequence()
      weight = {
        counts: weight.counts.map((count, index) => Math.max(count, other.counts[index] ?? 0)),
        varies: true,
      }
    }
    return weight
  }

  #sequence(): Weight {
    let weight: Weight = { counts: this.#samples.map(() => 0), varies: false }
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at] ?? '')) {
      const item = this.#item()
      weight = {
        counts: weight.counts.map((count, index) => count + (item.counts[index] ?? 0)),
        varies: weight.varies || item.varies,
      }
    }
    return weight
  }

  #item(): Weight {
    const start = this.#at
    const isGroup = this.#pattern[start] === '('
    const body = isGroup ? this.#group() : this.#atom()
    const end = this.#at
    const times = this.#quantifier()
    if (times === null) return body
    if (body.varies && times.most > 4) {
      throw new UnsafePattern(
        `"${this.#pattern.slice(start, this.#at)}" at character ${start + 1} repeats something that varies itself, which can take for ever; write it without the inner or the outer repetition`,
      )
    }
    const spread = times.most - times.least
    const heavy = spread >= 10 ? 1 : spread > 0 ? 0.25 : 0
    // `.*` at the very end always succeeds and never has to try again.
    const isLast = /^\)*\$?\)*$/.test(this.#pattern.slice(this.#at))
    const own = isLast && this.#pattern.slice(start, end) === '.' ? 0 : heavy
    const matches = this.#matching(this.#pattern.slice(start, end), isGroup)
    return {
      counts: body.counts.map(
        (count, index) => count * Math.min(times.most, 4) + (matches[index] === true ? own : 0),
      ),
      varies: body.varies || spread > 0,
    }
  }

  #group(): Weight {
    this.#at += 1
    const opening = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(this.#pattern.slice(this.#at))
    this.#at += opening?.[0].length ?? 0
    const weight = this.#alternatives()
    this.#at += 1
    return weight
  }

  #atom(): Weight {
    const rest = this.#pattern.slice(this.#at)
    const reference = /^\\(?:[1-9]|k<)/.exec(rest)
    if (reference !== null) {
      throw new UnsafePattern(
        `the back reference "${reference[0]}" at character ${this.#at + 1} is not supported`,
      )
    }
    this.#at += atom.exec(rest)?.[0].length ?? 1
    return { counts: this.#samples.map(() => 0), varies: false }
  }

  #quantifier(): { readonly least: number; readonly most: number } | null {
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.#pattern.slice(this.#at))
    if (found === null) return null
    this.#at += found[0].length
    const [, sign, least = '0', comma = '', most = ''] = found
    if (sign === '?') return { least: 0, most: 1 }
    if (sign !== undefined) return { least: sign === '+' ? 1 : 0, most: Infinity }
    if (comma === '') return { least: Number(least), most: Number(least) }
    return { least: Number(least), most: most === '' ? Infinity : Number(most) }
  }

  /** Which samples one atom can match; a group is taken to match them all. */
  #matching(source: string, isGroup: boolean): readonly boolean[] {
    if (isGroup) return this.#samples.map(() => true)
    const expression = new RegExp(`^(?:${source})$`, this.#flags)
    return this.#samples.map((sample) => expression.test(sample))
  }
}

/** A class, an escape, or one character. */
const atom =
  /^(?:\[(?:\\.|[^\]\\])*\]|\\u\{[^}]*\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\[pP]\{[^}]*\}|\\c[A-Za-z]|\\.|[^])/
