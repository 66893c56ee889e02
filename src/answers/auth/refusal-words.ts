import type { Refusal } from '../../directory/credentials.ts'
import type { Outcome } from './sign-in.ts'

/** What somebody is told who was not let in, and what he can do about it. */
export function refusalWords(outcome: Exclude<Outcome, { kind: 'in' }>): string {
  if (outcome.kind === 'unavailable') {
    return 'The directory does not answer at the moment. Please try again in a few minutes.'
  }
  if (outcome.kind === 'too-many') {
    return `There were too many attempts from here. Please try again in ${outcome.retryAfterSeconds} seconds.`
  }
  return words[outcome.why]
}

export type RefusalCode = Refusal | 'unavailable' | 'too-many'

/** A short code for programs and translations: `wrong`, `locked`, `unavailable`, `too-many` … */
export function refusalCode(outcome: Exclude<Outcome, { kind: 'in' }>): RefusalCode {
  return outcome.kind === 'refused' ? outcome.why : outcome.kind
}

const words = {
  wrong:
    'The name or the password is wrong, or there were too many attempts. After several failures, wait some minutes. Where there are several directories, write user@domain.',
  locked:
    'Your account is locked after too many wrong passwords. Wait until it is unlocked by itself, or ask your help desk.',
  disabled: 'Your account is disabled. Please ask your help desk.',
  expired: 'Your account has expired. Please ask your help desk.',
  'password-expired':
    'Your password has expired. Change it where you usually do (on your computer), then sign in here.',
  'must-change':
    'You must change your password first. Do so where you usually do (on your computer), then sign in here.',
  'not-now': 'Your account may not sign in at this time or from here. Please ask your help desk.',
} as const
