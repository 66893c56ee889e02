/** A stream that is no LDAP, or a message beyond all measure. */
export class ProtocolBroken extends Error {
  override name = 'ProtocolBroken'
}

/** A group with a million members stays below this; more is not a directory's answer. */
const largestAnswerBytes = 128 * 1024 * 1024

/**
 * Cuts a byte stream into LDAP messages (BER sequences). Chunks are joined only when a message is
 * complete, so that a long message costs no repeated copying.
 */
export class Frames {
  readonly #mostBytes: number
  #chunks: Buffer[] = []
  #bytes = 0
  #wanted = 2

  /** A message longer than `mostBytes` breaks the stream as soon as it says so. */
  constructor(mostBytes = largestAnswerBytes) {
    this.#mostBytes = mostBytes
  }

  /** Bytes of a message that has begun and is not complete. */
  get pendingBytes(): number {
    return this.#bytes
  }

  /** The messages that are complete with this chunk, each with its outer sequence header. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes < this.#wanted) return []

    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const messages: Buffer[] = []
    for (;;) {
      this.#wanted = messageLength(rest, this.#mostBytes)
      if (rest.length < this.#wanted) break
      messages.push(rest.subarray(0, this.#wanted))
      rest = rest.subarray(this.#wanted)
    }
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#bytes = rest.length
    return messages
  }
}

/** Length of the first message with its header; while the header is cut, the bytes to wait for. */
function messageLength(bytes: Buffer, mostBytes: number): number {
  const [tag, first] = bytes
  if (tag !== undefined && tag !== 0x30) throw new ProtocolBroken('what came is not LDAP')
  if (first === undefined) return 2
  if (first < 0x80) return 2 + first
  const width = first & 0x7f
  if (width === 0 || width > 4) throw new ProtocolBroken('an LDAP message has no proper length')
  if (bytes.length < 2 + width) return 2 + width
  const length = bytes.readUIntBE(2, width)
  if (length > mostBytes) {
    throw new ProtocolBroken(`an LDAP message of ${length} bytes is too long`)
  }
  return 2 + width + length
}
