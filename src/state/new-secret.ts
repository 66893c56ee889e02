import { randomInt } from 'node:crypto'
import { takeRandom } from './random.ts'

// No 0/O, 1/l/I: somebody may have to type it into a phone.
const alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** 20 characters, 116 bits. */
export function randomSecret(): string {
  let secret = ''
  while (secret.length < 20) {
    for (const byte of takeRandom(32)) {
      // Only what divides evenly counts, or the first letters would be likelier.
      if (byte < 256 - (256 % alphabet.length) && secret.length < 20) {
        secret += alphabet[byte % alphabet.length]
      }
    }
  }
  return secret
}

/** What somebody new gets; `initialPin` null: six random digits. */
export function firstSecret(
  kind: 'sip' | 'pin' | 'voicemailPin',
  initialPin: string | null,
): string {
  if (kind === 'sip') return randomSecret()
  return initialPin ?? String(randomInt(1_000_000)).padStart(6, '0')
}
