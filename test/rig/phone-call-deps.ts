import type { Credentials } from './phone-digest.ts'
import type { SipCall } from './phone-session.ts'
import type { SipTransport } from './phone-transport.ts'

/** What a phone gives to each of its calls. */
export interface CallDeps {
  readonly transport: SipTransport
  readonly credentials: Credentials
  readonly server: string
  /** Display name and address of this phone. */
  readonly self: string
  readonly toneHz: number
  /** How long `ringing`, `talking` and the like wait. */
  readonly patienceMs: number
  readonly done: (call: SipCall) => void
}
