import { StepFailed } from './connect.ts'
import { SearchRefused } from './search.ts'

/** What to do about it, as the end of a sentence; empty when that is in the reason already. */
export function remedyFor(error: unknown, path: string): string {
  if (error instanceof StepFailed) {
    // Who is silent or gone says nothing about the account.
    const isAnswer = error.step === 'bind' && error.cause === undefined
    return isAnswer ? `; check ${path}.bind` : ''
  }
  if (!(error instanceof SearchRefused)) return ''
  switch (error.result.code) {
    case 4:
    case 11:
      return `; allow the account in ${path}.bind unlimited size and time, and paged results`
    case 10:
    case 32:
    case 34:
      return `; check ${path}.base`
    case 1:
    case 8:
    case 13:
    case 50:
    case 53:
      return `; check ${path}.bind, and what that account may read`
    default:
      return ''
  }
}
