import type { MeOptions } from './options.ts'
import { mostPinDigits, type PinProblem } from './pin.ts'

/** What is wrong with a PIN, for programs; the page says it in the language of its reader. */
export function pinProblemText(problem: PinProblem, { fewestPinDigits }: MeOptions): string {
  return {
    digits: 'a PIN is made of digits only',
    short: `a PIN has at least ${fewestPinDigits} digits`,
    long: `a PIN has at most ${mostPinDigits} digits`,
    easy: 'a PIN of one digit only, or of digits in a row, is guessed at once',
    extension: 'your extension is no PIN: it is what everybody tries first',
    usual: 'this is the PIN that everybody new gets',
    directory: 'your PIN is kept in the directory and changed there',
  }[problem]
}
