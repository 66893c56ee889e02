import { ProtocolBroken } from './frames.ts'

/**
 * Reads BER as LDAP restricts it (RFC 4511, 5.1): definite lengths, tags of one byte. Whoever wrote
 * the bytes may be hostile: what is inside an element is read by a reader that cannot leave it, and
 * everything that is cut, too long or of another kind throws `ProtocolBroken`.
 */
export class BerReader {
  readonly #bytes: Buffer
  #at: number
  readonly #end: number

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end
  }

  /** The next element's tag; undefined at the end. */
  peek(): number | undefined {
    return this.isAtEnd ? undefined : this.#bytes[this.#at]
  }

  /** A reader of what is inside the next element, which must have this tag. */
  inside(tag: number): BerReader {
    if (this.peek() !== tag) throw new ProtocolBroken(`expected an element ${hex(tag)}`)
    this.#at++
    const length = this.#length()
    const start = this.#at
    if (length > this.#end - start) throw new ProtocolBroken('an element is cut')
    this.#at = start + length
    return new BerReader(this.#bytes, start, this.#at)
  }

  /** The next element as bytes, which are a part of the message and not a copy. */
  bytes(tag = 0x04): Buffer {
    return this.inside(tag).#rest()
  }

  /** Bytes that are no UTF-8 become replacement characters. */
  text(tag = 0x04): string {
    return this.bytes(tag).toString('utf8')
  }

  /** Integers of LDAP have at most four bytes. */
  integer(tag = 0x02): number {
    const bytes = this.bytes(tag)
    if (bytes.length < 1 || bytes.length > 4) throw new ProtocolBroken('a number has no length')
    return bytes.readIntBE(0, bytes.length)
  }

  boolean(tag = 0x01): boolean {
    const bytes = this.bytes(tag)
    if (bytes.length !== 1) throw new ProtocolBroken('a boolean has no length')
    return bytes[0] !== 0
  }

  #rest(): Buffer {
    return this.#bytes.subarray(this.#at, this.#end)
  }

  #length(): number {
    const first = this.#byte()
    if (first < 0x80) return first
    const width = first & 0x7f
    if (width < 1 || width > 4) throw new ProtocolBroken('an element has no proper length')
    let length = 0
    for (let count = 0; count < width; count++) length = length * 256 + this.#byte()
    return length
  }

  #byte(): number {
    const byte = this.isAtEnd ? undefined : this.#bytes[this.#at++]
    if (byte === undefined) throw new ProtocolBroken('an element is cut')
    return byte
  }
}

function hex(tag: number): string {
  return `0x${tag.toString(16)}`
}
