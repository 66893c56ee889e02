/**
 * Whether a password is that of an entry: asked of the directory itself, by a bind. The one question
 * that is put to a directory while somebody waits.
 */
export interface CredentialCheck extends AsyncDisposable {
  /**
   * `entry`: the directory's own id, which must still fit base and filter of the source. Null asks
   * about nobody, at the price of asking about somebody, so that time does not tell the two apart.
   * Never throws: whatever goes wrong is `unreachable`, within the deadline.
   */
  verify(entry: string | null, password: string, signal: AbortSignal): Promise<Verdict>
}

export type Verdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'refused'; readonly why: Refusal }
  /** `reason` is for the log: it names servers. */
  | { readonly kind: 'unreachable'; readonly reason: string }

/**
 * `wrong`: name or password. `locked` may be said to a wrong password too; everything else a directory
 * says only to whoever knows the password.
 */
export type Refusal =
  'wrong' | 'locked' | 'disabled' | 'expired' | 'password-expired' | 'must-change' | 'not-now'
