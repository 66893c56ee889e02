import type { Media, RtpStream } from './phone-rtp.ts'

/** What a call hears and says; each promise rejects when its time is over. */
export class Sound {
  readonly #rtp: RtpStream
  readonly #patienceMs: number

  constructor(rtp: RtpStream, patienceMs: number) {
    this.#rtp = rtp
    this.#patienceMs = patienceMs
  }

  async media(packets = 25): Promise<Media> {
    const goal = this.#rtp.media().received + packets
    const what = `${packets} more packets of sound`
    return this.#rtp.until(({ received }) => received >= goal, this.#patienceMs, what)
  }

  async hears(what: number | 'sound' | 'silence', withinMs = this.#patienceMs): Promise<void> {
    const isHeard = ({ level, received }: Media): boolean => {
      if (received < 10) return false
      if (typeof what === 'number') return this.#rtp.isTone(what)
      return what === 'sound' ? level > 300 : level < 50
    }
    const wanted = typeof what === 'number' ? `heard ${what} Hz` : `heard ${what}`
    await this.#rtp.until(isHeard, withinMs, wanted)
  }

  async speak(ms: number): Promise<void> {
    const goal = this.#rtp.media().sent + ms / 20
    await this.#rtp.until(({ sent }) => sent >= goal, ms + this.#patienceMs, `spoke ${ms} ms`)
  }

  press(digits: string): Promise<void> {
    return this.#rtp.press(digits)
  }
}
