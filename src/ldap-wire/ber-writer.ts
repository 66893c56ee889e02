/**
 * Writes BER into one growing buffer. Elements with parts get lengths of five bytes, as Active
 * Directory writes them, so that nothing must be moved once its length is known.
 */
export class BerWriter {
  #bytes: Buffer
  #length = 0
  readonly #open: number[] = []

  /** `bytes`: as many as will be written, about. */
  constructor(bytes = 1024) {
    this.#bytes = Buffer.allocUnsafe(bytes)
  }

  get length(): number {
    return this.#length
  }

  /** What is written until `close` is inside of an element with this tag. */
  open(tag: number): this {
    this.#room(6)
    this.#bytes[this.#length++] = tag
    this.#bytes[this.#length++] = 0x84
    this.#open.push(this.#length)
    this.#length += 4
    return this
  }

  close(): this {
    const at = this.#open.pop()
    if (at === undefined) throw new Error('nothing is open')
    this.#bytes.writeUInt32BE(this.#length - at - 4, at)
    return this
  }

  text(text: string, tag = 0x04): this {
    const length = Buffer.byteLength(text)
    this.#head(tag, length)
    this.#bytes.write(text, this.#length)
    this.#length += length
    return this
  }

  bytes(bytes: Buffer, tag = 0x04): this {
    this.#head(tag, bytes.length)
    bytes.copy(this.#bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  /** Elements that were written elsewhere. */
  raw(bytes: Buffer, start = 0, end = bytes.length): this {
    this.#room(end - start)
    this.#length += bytes.copy(this.#bytes, this.#length, start, end)
    return this
  }

  /** At most 32 bits, signed. */
  integer(value: number, tag = 0x02): this {
    const width = value >= -0x80 && value < 0x80 ? 1 : value >= -0x8000 && value < 0x8000 ? 2 : 4
    this.#head(tag, width)
    this.#length = this.#bytes.writeIntBE(value, this.#length, width)
    return this
  }

  boolean(value: boolean, tag = 0x01): this {
    this.#head(tag, 1)
    this.#bytes[this.#length++] = value ? 0xff : 0
    return this
  }

  /** Everything that was written; this writer is used up. */
  finish(): Buffer {
    if (this.#open.length > 0) throw new Error('something is still open')
    return this.#bytes.subarray(0, this.#length)
  }

  #head(tag: number, length: number): void {
    this.#room(6 + length)
    this.#bytes[this.#length++] = tag
    if (length < 0x80) {
      this.#bytes[this.#length++] = length
    } else {
      this.#bytes[this.#length++] = 0x84
      this.#length = this.#bytes.writeUInt32BE(length, this.#length)
    }
  }

  #room(more: number): void {
    const wanted = this.#length + more
    if (wanted <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(wanted, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
