import { fold, spellings } from '../phonebook/search/fold.ts'
import { keysOf, keysTyped } from '../phonebook/search/number-keys.ts'

/** A pattern as a filter says it; `whole`: an equality, without any asterisk. */
export interface Pattern {
  readonly initial: string | null
  readonly any: readonly string[]
  readonly final: string | null
  readonly whole: string | null
}

/**
 * Whether a text fits as phones mean it: in any spelling, and what stands before the first asterisk
 * may begin any word, since `ber*` is typed for Ina Berg. Digits may be letters on the number keys.
 */
export function textMatcher(pattern: Pattern): (text: string) => boolean {
  const keys = keysTyped(typed(pattern))
  const variants = variantsOf(pattern)
  return (text) => {
    const spelled = spellings(text)
    if (spelled.some((each) => variants.some((variant) => fits(each, variant)))) return true
    return (
      keys !== null &&
      spelled.some((each) => each.split(' ').some((w) => keysOf(w).startsWith(keys)))
    )
  }
}

/** What a text that fits has among its words, in one of these forms; null: nothing certain. */
export function wordsOfText(pattern: Pattern): readonly (readonly string[])[] {
  const keys = keysTyped(typed(pattern))
  const clauses: (readonly string[])[] = []
  const note = (part: string | null, before: string) => {
    if (part === null) return
    const forms = spellings(part).filter((form) => form !== '')
    if (forms.length > 0) clauses.push(forms.map((form) => before + form))
  }
  note(pattern.initial, ' ')
  note(pattern.whole, ' ')
  for (const part of pattern.any) note(part, '')
  note(pattern.final, '')
  return keys === null ? clauses : clauses.map((forms) => [...forms, ` ${keys}`])
}

/** The one text that was typed; empty when there are several. */
function typed({ initial, any, final, whole }: Pattern): string {
  const parts = [initial, ...any, final, whole].filter((part) => part !== null && part !== '')
  return parts.length === 1 ? (parts[0] ?? '') : ''
}

/** One pattern for each habit of spelling; parts that fold to nothing fit nowhere. */
function variantsOf(pattern: Pattern): readonly Pattern[] {
  const parts = [pattern.initial, ...pattern.any, pattern.final, pattern.whole]
  const isVoid = parts.some((part) => part !== null && part !== '' && fold(part) === '')
  if (isVoid) return []
  const most = Math.max(...parts.map((part) => (part === null ? 0 : spellings(part).length)))
  return Array.from({ length: most }, (_, habit) => {
    const spell = (part: string) => {
      const forms = spellings(part)
      return forms[Math.min(habit, forms.length - 1)] ?? ''
    }
    const maybe = (part: string | null) => (part === null ? null : spell(part))
    return {
      initial: maybe(pattern.initial),
      any: pattern.any.map(spell),
      final: maybe(pattern.final),
      whole: maybe(pattern.whole),
    }
  })
}

function fits(text: string, { initial, any, final, whole }: Pattern): boolean {
  if (whole !== null) return whole !== '' && ` ${text} `.includes(` ${whole} `)
  let at = 0
  if (initial !== null) {
    const start = ` ${text}`.indexOf(` ${initial}`)
    if (start === -1) return false
    at = start + initial.length
  }
  for (const part of any) {
    const start = text.indexOf(part, at)
    if (start === -1) return false
    at = start + part.length
  }
  return final === null || (text.endsWith(final) && text.length - final.length >= at)
}
