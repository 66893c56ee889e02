import type { DatabaseSync } from 'node:sqlite'
import type { Mishap } from './database.ts'

/** How long a commit that was only handed to the system may wait for the disk, in milliseconds. */
const flushedWithinMs = 1000

/**
 * When commits reach the disk. In WAL mode a commit is written to the log and, with `synchronous =
 * full`, the log is flushed, which is nearly all of what a commit costs. Without the flush it survives
 * the end of this program; then a later flush makes good for all commits before it.
 */
export class Disk {
  readonly #database: DatabaseSync
  #through: Mishap | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Before each transaction: how it will be committed. */
  prepare(through: Mishap): void {
    if (through === this.#through) return
    const level = through === 'power loss' ? 'full' : 'normal'
    this.#database.exec(`pragma synchronous = ${level}`)
    this.#through = through
  }

  /** After each: what is not on the disk yet will be soon. */
  committed(through: Mishap): void {
    if (through === 'power loss') this.close()
    else this.#timer ??= setTimeout(() => this.#flush(), flushedWithinMs)
  }

  /** Nothing is left to be done later; closing the database flushes it. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** A checkpoint begins by flushing the log (walCheckpoint in wal.c). */
  #flush(): void {
    this.#timer = undefined
    try {
      this.#database.exec('pragma wal_checkpoint(passive)')
    } catch {
      this.committed('crash') // the disk is full, or another process has the file: a second later
    }
  }
}
