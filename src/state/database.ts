/**
 * Where everything lives that must survive a restart: the last good people, their secrets, the
 * contacts that Asterisk writes, the history of runs.
 *
 * One SQL text serves every engine: parameters are `$1`, `$2` …; columns are `text` and `bigint`
 * (64-bit milliseconds or counts, within 2^53). Nothing on the path of a realtime read comes here.
 */
export interface Database extends AsyncDisposable {
  /** The rows of one statement. */
  query(sql: string, parameters?: readonly SqlValue[]): Promise<readonly SqlRow[]>
  /**
   * Statements as one transaction: all are kept when the promise resolves, none when it rejects.
   * Resolves with the number of rows that each one touched. An engine may keep more than is asked.
   */
  run(statements: readonly Statement[], through?: Mishap): Promise<readonly number[]>
}

/**
 * What a write is kept through once it is acknowledged: a loss of power, which is usual, or only the
 * end of this program, in whatever way; a second later a loss of power, too.
 */
export type Mishap = 'power loss' | 'crash'

export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, SqlValue>>

export interface Statement {
  readonly sql: string
  /** One set of parameters, or with `many` one after the other. */
  readonly parameters?: readonly SqlValue[]
  readonly many?: readonly (readonly SqlValue[])[]
}

/** The state could not be read or kept: disk full, no rights, newer than this program. */
export class StateUnavailable extends Error {
  override name = 'StateUnavailable'
  code = 'STATE_UNAVAILABLE' as const
  /** `unreachable`: it may be there again in a while, and take the very same then. */
  readonly problem: 'refused' | 'unreachable'

  constructor(
    message: string,
    options: ErrorOptions & { problem?: 'refused' | 'unreachable' } = {},
  ) {
    super(message, options)
    this.problem = options.problem ?? 'refused'
  }
}
