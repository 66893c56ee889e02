/** `warn`: it works, but slowly, or not in every case. */
export type Level = 'ok' | 'warn' | 'fail'

/** One thing that was looked at. Never holds a password or token. */
export interface Finding {
  readonly level: Level
  /** One word: what was looked at. */
  readonly what: string
  /** What there is. */
  readonly detail: string
  /** What to do; null: nothing. */
  readonly remedy: string | null
}

export function ok(what: string, detail: string): Finding {
  return { level: 'ok', what, detail, remedy: null }
}

export function warn(what: string, detail: string, remedy: string): Finding {
  return { level: 'warn', what, detail, remedy }
}

export function fail(what: string, detail: string, remedy: string): Finding {
  return { level: 'fail', what, detail, remedy }
}

/** What is wrong, or else one line that says that all is well. */
export function unlessAny(findings: readonly Finding[], otherwise: Finding): readonly Finding[] {
  return findings.length > 0 ? findings : [otherwise]
}
