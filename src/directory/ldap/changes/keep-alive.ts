import type { Link } from './follower.ts'
import { readEntry } from './server-facts.ts'

const seldomMs = 20_000

/**
 * Asks something small now and then: a connection whose other end vanished without a word is found
 * broken by that, and not at all by waiting for changes.
 */
export function keepAlive({ channel, signal }: Link, silenceMs: number): Disposable {
  const timer = setInterval(
    () => {
      // A failure fails the channel, and with it everybody who waits on it.
      readEntry(channel, '', ['1.1'], { silenceMs, signal }).catch(() => {})
    },
    Math.min(seldomMs, silenceMs),
  )
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
