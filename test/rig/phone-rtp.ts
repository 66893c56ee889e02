import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { decodeUlaw, encodeUlaw, loudness, samplesPerSecond, shareOf, sine } from './phone-audio.ts'

export interface Media {
  readonly sent: number
  /** Audio packets that came; `level` and `isTone` tell what was in them. */
  readonly received: number
  /** Gaps in the sequence numbers. */
  readonly lost: number
  /** Loudness of the last 200 ms, 0 to 32767. */
  readonly level: number
}

export interface RtpPeer {
  readonly host: string
  readonly port: number
  /** Payload type of RFC 4733 events; null when the peer takes none. */
  readonly events: number | null
}

const frameMs = 20
const frameSamples = (samplesPerSecond * frameMs) / 1000
const heardSamples = samplesPerSecond / 5
const keys = '0123456789*#ABCD'

/** Sends a tone as µ-law frames every 20 ms, and listens (RFC 3550, 3551). */
export class RtpStream implements AsyncDisposable {
  readonly port: number
  readonly #socket: Socket
  readonly #toneHz: number
  readonly #source = Math.floor(Math.random() * 2 ** 32)
  readonly #heard = new Int16Array(heardSamples)
  readonly #watchers = new Set<() => void>()
  #peer: RtpPeer | undefined
  #timer: NodeJS.Timeout | undefined
  #sequence = Math.floor(Math.random() * 2 ** 15)
  #timestamp = 0
  #frames = 0
  #startedAt = 0
  #pending: Buffer[] = []
  #sent = 0
  #received = 0
  #lost = 0
  #lastSequence: number | undefined
  #closed = false

  constructor(socket: Socket, toneHz: number) {
    this.#socket = socket
    this.#toneHz = toneHz
    this.port = socket.address().port
    socket.on('message', (packet) => this.#take(packet))
  }

  static async open(address: string, toneHz: number): Promise<RtpStream> {
    const socket = createSocket('udp4')
    socket.bind(0, address)
    await once(socket, 'listening')
    return new RtpStream(socket, toneHz)
  }

  /** Starts to send, or goes on to another address. */
  talkTo(peer: RtpPeer): void {
    this.#peer = peer
    if (this.#timer !== undefined || this.#closed) return
    this.#startedAt = performance.now()
    this.#timer = setInterval(() => this.#catchUp(), frameMs)
  }

  media(): Media {
    return {
      sent: this.#sent,
      received: this.#received,
      lost: this.#lost,
      level: Math.round(loudness(this.#heard)),
    }
  }

  /** Resolves with the first packet, sent or received, for which `isTrue` holds. */
  async until(isTrue: (media: Media) => boolean, withinMs: number, what: string): Promise<Media> {
    const { promise, resolve, reject } = Promise.withResolvers<Media>()
    const look = (): void => {
      const media = this.media()
      if (this.#closed) reject(new Error(`phone: the call ended before ${what}`))
      else if (isTrue(media)) resolve(media)
    }
    const late = setTimeout(() => {
      const { sent, received, level } = this.media()
      const seen = `${sent} packets sent, ${received} received, level ${level}`
      reject(new Error(`phone: not within ${withinMs} ms: ${what} (${seen})`))
    }, withinMs)
    this.#watchers.add(look)
    look()
    try {
      return await promise
    } finally {
      clearTimeout(late)
      this.#watchers.delete(look)
    }
  }

  /** Whether the last 200 ms were this tone and nothing else. */
  isTone(hz: number): boolean {
    return loudness(this.#heard) > 500 && shareOf(hz, this.#heard) > 0.7
  }

  /** Presses keys one after the other, 100 ms each (RFC 4733); resolves when the last is sent. */
  async press(digits: string): Promise<void> {
    const events = this.#peer?.events
    if (events === null || events === undefined) {
      throw new Error('phone: cannot press keys, the other side takes no telephone events')
    }
    for (const digit of digits) this.#pending.push(...this.#keyPackets(digit, events))
    await this.until(() => this.#pending.length === 0, digits.length * 1000, `pressed ${digits}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    this.#notify()
    this.#socket.close()
    await once(this.#socket, 'close')
  }

  /** As many frames as the clock asks for: a busy machine makes timers late, not calls slow. */
  #catchUp(): void {
    const due = Math.floor((performance.now() - this.#startedAt) / frameMs)
    for (; this.#frames < due; this.#frames++) this.#sendFrame()
    this.#notify()
  }

  #sendFrame(): void {
    const key = this.#pending.shift()
    if (key === undefined) {
      const samples = sine(this.#toneHz, this.#timestamp, frameSamples)
      this.#send(this.#head(0, false, this.#timestamp), encodeUlaw(samples))
    } else if (key.length > 0) {
      const marker = key.readUInt16BE(2) === frameSamples
      // All packets of one key carry the time at which it was pressed.
      const pressedAt = this.#timestamp - key.readUInt32BE(4)
      this.#send(this.#head(key.readUInt8(8), marker, pressedAt), key.subarray(0, 4))
    }
    this.#timestamp += frameSamples
  }

  /** Five packets, the end three times, then a pause (empty) in which nothing is sent. */
  #keyPackets(digit: string, events: number): Buffer[] {
    const code = keys.indexOf(digit.toUpperCase())
    if (code === -1) throw new Error(`phone: there is no key ${digit}`)
    const durations = [1, 2, 3, 4, 5, 6, 6, 6]
    const packets = durations.map((frames, index) => {
      const packet = Buffer.alloc(9)
      packet.writeUInt8(code, 0)
      packet.writeUInt8((index >= 5 ? 0x80 : 0) | 10, 1)
      packet.writeUInt16BE(frames * frameSamples, 2)
      packet.writeUInt32BE(index * frameSamples, 4)
      packet.writeUInt8(events, 8)
      return packet
    })
    return [...packets, ...Array.from({ length: 5 }, () => Buffer.alloc(0))]
  }

  #head(type: number, marker: boolean, timestamp: number): Buffer {
    const head = Buffer.alloc(12)
    head.writeUInt8(0x80, 0)
    head.writeUInt8((marker ? 0x80 : 0) | type, 1)
    head.writeUInt16BE(this.#sequence++ & 0xffff, 2)
    head.writeUInt32BE(timestamp >>> 0, 4)
    head.writeUInt32BE(this.#source, 8)
    return head
  }

  #send(head: Buffer, payload: Buffer): void {
    if (this.#peer === undefined || this.#closed) return
    this.#socket.send(Buffer.concat([head, payload]), this.#peer.port, this.#peer.host)
    this.#sent++
  }

  #take(packet: Buffer): void {
    if (packet.length <= 12 || packet.readUInt8(0) >> 6 !== 2) return
    if ((packet.readUInt8(1) & 0x7f) !== 0) return
    const sequence = packet.readUInt16BE(2)
    if (this.#lastSequence !== undefined) {
      const step = (sequence - this.#lastSequence) & 0xffff
      // A new source starts anywhere; only a small gap is a loss.
      if (step > 1 && step < 100) this.#lost += step - 1
    }
    this.#lastSequence = sequence
    this.#received++
    const samples = decodeUlaw(packet.subarray(12)).subarray(-heardSamples)
    this.#heard.copyWithin(0, samples.length)
    this.#heard.set(samples, this.#heard.length - samples.length)
    this.#notify()
  }

  #notify(): void {
    for (const look of this.#watchers) look()
  }
}
