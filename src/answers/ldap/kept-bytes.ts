import type { BerWriter } from '../../ldap-wire/ber-writer.ts'

/** What is longer is not kept, in bytes. */
const longest = 65_535
const blockBytes = 262_144

/**
 * Many short runs of bytes, each kept under its key in a few large blocks: a hundred thousand buffers
 * would keep the garbage collector busy. When there is no more room it begins anew.
 */
export class KeptBytes<Key extends object> {
  readonly #mostBlocks: number
  #blocks: Buffer[] = []
  /** Where the next run begins in the last block. */
  #next = 0
  /** Place of a run, all blocks counted through, times 65,536, and its length. */
  #runs = new Map<Key, number>()

  constructor(mostBytes: number) {
    this.#mostBlocks = Math.max(1, Math.floor(mostBytes / blockBytes))
  }

  /** Writes what is kept under the key; false: nothing is. */
  copy(key: Key, writer: BerWriter): boolean {
    const run = this.#runs.get(key)
    if (run === undefined) return false
    const length = run % 65_536
    const place = (run - length) / 65_536
    const start = place % blockBytes
    const block = this.#blocks[(place - start) / blockBytes] as Buffer // runs are in blocks there are
    writer.raw(block, start, start + length)
    return true
  }

  keep(key: Key, bytes: Buffer): void {
    const { length } = bytes
    if (length > longest) return
    if (this.#blocks.length === 0 || this.#next + length > blockBytes) this.#openBlock()
    const last = this.#blocks.length - 1
    bytes.copy(this.#blocks[last] as Buffer, this.#next) // one was opened
    this.#runs.set(key, (last * blockBytes + this.#next) * 65_536 + length)
    this.#next += length
  }

  #openBlock(): void {
    if (this.#blocks.length >= this.#mostBlocks) {
      this.#blocks = []
      this.#runs = new Map()
    }
    this.#blocks.push(Buffer.allocUnsafe(blockBytes))
    this.#next = 0
  }
}
