import { isLoopback } from '../../loopback.ts'
import type { AriOptions } from '../ari-options.ts'
import type { AmiOptions, AsteriskOptions } from '../options.ts'

export type AsteriskVersion = 22 | 20 | 18 | 16
export type Driver = 'pjsip' | 'chan_sip'

/** What an administrator says about his Asterisk; the rest follows from peerage.yaml. */
export interface Wishes {
  readonly version?: AsteriskVersion
  readonly driver?: Driver
  readonly cache?: 'on' | 'off'
  readonly contacts?: 'local' | 'shared'
}

/** Which files, and how they differ from the shipped ones. */
export interface Choice {
  readonly version: AsteriskVersion
  readonly driver: Driver
  /** `told`: for long, because Peerage says what changed; `short`: seconds, because nobody does. */
  readonly cache: 'told' | 'short' | 'off'
  /** Whether registrations are kept by Asterisk itself, or by Peerage. */
  readonly contacts: 'local' | 'shared'
  /** The account for Peerage; null: none is configured. */
  readonly ami: AmiOptions | null
  /** The same for the REST interface, which the files for chan_sip have not. */
  readonly ari: AriOptions | null
  /** How Asterisk knows of phones: from a list of everybody, from Peerage, or not at all. */
  readonly phones: 'listed' | 'woken' | 'unknown'
}

/** These wishes do not go together. The message says which would. */
export class ChoiceImpossible extends Error {
  override name = 'ChoiceImpossible'
  code = 'CHOICE_IMPOSSIBLE' as const
}

/** `listEverybody` as in peerage.yaml. Throws `ChoiceImpossible`. */
export function choose(
  wishes: Wishes,
  asterisk: AsteriskOptions | undefined,
  listEverybody: boolean,
): Choice {
  const isSip = asterisk?.technology === 'sip'
  const { version = isSip || wishes.driver === 'chan_sip' ? 16 : 22 } = wishes
  const { driver = isSip || version === 16 ? 'chan_sip' : 'pjsip', contacts = 'shared' } = wishes
  if (driver === 'chan_sip' && version > 20) {
    throw new ChoiceImpossible(`Asterisk ${version} has no chan_sip; use --driver pjsip`)
  }
  if (driver === 'chan_sip' && contacts === 'local') {
    throw new ChoiceImpossible('chan_sip leaves registrations to Peerage; leave out --contacts')
  }
  const ami = asterisk?.ami ?? null
  const ari = (driver === 'pjsip' && asterisk?.ari) || null
  if (driver === 'chan_sip' && wishes.cache === 'on' && ami === null) {
    throw new ChoiceImpossible(
      'chan_sip never forgets what nobody tells it to; add this Asterisk to `asterisk:` in peerage.yaml, or use --cache off',
    )
  }
  const cache = cacheFor(driver, wishes.cache, ami !== null)
  const isListed = driver === 'chan_sip' || listEverybody
  const canBeWoken = ami !== null && contacts === 'shared'
  const phones = isListed ? 'listed' : canBeWoken ? 'woken' : 'unknown'
  return { version, driver, contacts, ami, ari, cache, phones }
}

function cacheFor(driver: Driver, wish: 'on' | 'off' | undefined, isTold: boolean) {
  if (wish === 'off') return 'off'
  if (isTold) return 'told'
  return driver === 'pjsip' ? 'short' : 'off'
}

/** The machine that it runs on, as far as we know: ours. */
export function machineOf({ ami }: Choice): string {
  return ami?.host ?? '127.0.0.1'
}

export function isSameMachine(choice: Choice): boolean {
  return isLoopback(machineOf(choice))
}
