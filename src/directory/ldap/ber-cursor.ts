/**
 * Goes over BER of definite lengths (X.690) without copying anything: entries come by the hundred
 * thousand, and most of the work would be for the garbage collector. Throws for an element that is
 * not of the kind or reaches beyond what holds it.
 */
export class BerCursor {
  readonly bytes: Buffer
  /** Where the next element begins; after `open`, where the content of that one begins. */
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  /** Steps into the element here; returns where its content ends, which `limit` must hold. */
  open(tag: number, limit: number): number {
    const { bytes } = this
    if (this.at + 2 > limit) throw new Error('it is cut short')
    const found = bytes[this.at]
    if (found !== tag) throw new Error(`expected 0x${tag.toString(16)}, got 0x${hex(found)}`)
    const first = bytes[this.at + 1] ?? 0
    let length = first
    this.at += 2
    if (first >= 0x80) {
      const width = first & 0x7f
      if (width === 0 || width > 4 || this.at + width > limit) throw new Error('no proper length')
      length = bytes.readUIntBE(this.at, width)
      this.at += width
    }
    const end = this.at + length
    if (end > limit) throw new Error('it is cut short')
    return end
  }

  /** The text of an element, and a step over it. */
  text(tag: number, limit: number): string {
    const end = this.open(tag, limit)
    const text = this.bytes.toString('utf8', this.at, end)
    this.at = end
    return text
  }
}

function hex(tag: number | undefined): string {
  return (tag ?? 0).toString(16)
}

export const octetString = 0x04
export const sequence = 0x30
export const setOf = 0x31
