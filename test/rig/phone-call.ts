import type { Party } from './phone-display.ts'
import type { Media } from './phone-rtp.ts'

export type CallState = 'calling' | 'ringing' | 'talking' | 'ended'

export interface CallEnd {
  readonly by: 'us' | 'them'
  /** The SIP status of a call that was not taken; null for one that was. */
  readonly status: number | null
}

/** A call, in or out. Every promise rejects in time; none of them waits for ever. */
export interface Call {
  readonly direction: 'in' | 'out'
  readonly state: CallState
  /** Who calls, as the From header tells it. */
  readonly from: Party
  /** The number that was dialled. */
  readonly to: string
  /** The other side as the display shows it now: another one after a transfer. */
  readonly shows: Party
  /** Resolves as soon as the display shows this name. */
  showing(name: string, withinMs?: number): Promise<Party>
  /** Out: the other phone rings (180, 183). */
  ringing(): Promise<void>
  /** The call is taken, acknowledged, and sound flows. */
  talking(): Promise<void>
  ended(withinMs?: number): Promise<CallEnd>
  /** In: takes the call. */
  answer(): Promise<void>
  /** In: turns it down, as busy (486) unless another status is given. */
  refuse(status?: number, reason?: string): void
  /** Cancels, refuses or ends, whatever fits; resolves when the other side knows. */
  hangUp(): Promise<void>
  /** Resolves after so many more packets were received (25 are half a second). */
  media(packets?: number): Promise<Media>
  /** Resolves as soon as 200 ms of this tone, of any sound, or of silence were heard. */
  hears(what: number | 'sound' | 'silence', withinMs?: number): Promise<void>
  /** Sends its own tone for so long. */
  speak(ms: number): Promise<void>
  /** Hands the other side over to that number, unannounced (REFER). */
  transfer(number: string): Promise<void>
  /** Connects the other side with that of another call of this telephone (REFER, RFC 3891). */
  transferTo(other: Call): Promise<void>
  /** Presses keys. */
  press(digits: string): Promise<void>
}
