/** A line of an LDIF with its continuations joined to it (RFC 2849, note 2). */
export interface LdifLine {
  /** Where it begins; the first line of a file is 1. */
  readonly number: number
  /** Without its line end. Empty for a blank line, which ends a record. */
  readonly bytes: Buffer
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const hash = 0x23

/**
 * Joins folded lines and leaves comments out, chunk by chunk. `push` gives the lines that are known
 * to be complete; the last one comes with `end`.
 */
export class LineReader {
  #rest: Buffer = Buffer.alloc(0)
  #number = 0
  #open: { number: number; parts: Buffer[] } | null = null

  /** Whether what came so far ends in a line break; an empty beginning does, too. */
  get endsInLineBreak(): boolean {
    return this.#rest.length === 0
  }

  *push(chunk: Buffer): Generator<LdifLine> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let start = 0
    for (;;) {
      const end = bytes.indexOf(lineFeed, start)
      if (end === -1) break
      const hasReturn = end > start && bytes[end - 1] === carriageReturn
      const done = this.#take(bytes.subarray(start, hasReturn ? end - 1 : end))
      if (done) yield done
      start = end + 1
    }
    this.#rest = bytes.subarray(start)
  }

  *end(): Generator<LdifLine> {
    const last = this.#close()
    if (last) yield last
  }

  /** Takes one line as it stands in the file; gives the one before it, if that is complete now. */
  #take(bytes: Buffer): LdifLine | null {
    this.#number += 1
    if (bytes[0] === space && this.#open) {
      this.#open.parts.push(bytes.subarray(1))
      return null
    }
    const before = this.#close()
    this.#open = { number: this.#number, parts: [bytes] }
    return before
  }

  #close(): LdifLine | null {
    const open = this.#open
    this.#open = null
    if (!open || open.parts[0]?.[0] === hash) return null
    // A copy: the chunk it was cut from is used again for the next read.
    return { number: open.number, bytes: Buffer.concat(open.parts) }
  }
}
