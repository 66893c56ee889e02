import { watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FileState, fileState, isSameState } from './file-state.ts'

export interface FileChangesOptions {
  /** The state from which changes count; null is a file that is not there. */
  readonly told: FileState | null
  /** The state that was read last, if any. */
  readonly lastRead: () => FileState | null
  readonly settleMs: number
  /** How often to look without being told: network file systems tell nothing. */
  readonly pollMs: number
  readonly signal: AbortSignal
}

/**
 * A value for each time that the file is another one than was read, or told of, last, and has been
 * left alone for a moment. Ends with the signal.
 */
export async function* fileChanges(
  path: string,
  { told, lastRead, settleMs, pollMs, signal }: FileChangesOptions,
): AsyncGenerator<void, void> {
  await using stack = new AsyncDisposableStack()
  const bell = new Bell(signal)
  stack.defer(watchFolder(path, () => bell.ring()))
  // It may have changed since the state was told and before anybody watched.
  bell.ring()
  let known = told
  while (!signal.aborted) {
    try {
      await bell.rungWithin(pollMs)
      const state = await quietState(path, settleMs, signal)
      if (state === null || isSameState(state, known) || isSameState(state, lastRead())) continue
      known = state
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    yield
  }
}

/** Watches the folder, not the file: editors write a new file and rename it. */
function watchFolder(path: string, ring: () => void): () => void {
  const file = basename(path)
  try {
    const watcher = watch(dirname(path), (_event, name) => {
      // `..data` is the link that Kubernetes turns when it replaces a mounted file.
      if (name === null || name === file || name === '..data') ring()
    })
    watcher.on('error', ring)
    return () => watcher.close()
  } catch {
    return () => {}
  }
}

async function quietState(
  path: string,
  settleMs: number,
  signal: AbortSignal,
): Promise<FileState | null> {
  let state = await pathState(path)
  for (;;) {
    await sleep(settleMs, undefined, { signal })
    const next = await pathState(path)
    if (isSameState(state, next)) return next
    state = next
  }
}

/** Null when there is no such file. */
export async function pathState(path: string): Promise<FileState | null> {
  try {
    return fileState(await stat(path, { bigint: true }))
  } catch {
    return null
  }
}

/** Remembers that it rang until somebody has listened. */
class Bell {
  readonly #signal: AbortSignal
  #isRung = false
  #wake: () => void = () => {}

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  ring(): void {
    this.#isRung = true
    this.#wake()
  }

  async rungWithin(ms: number): Promise<void> {
    if (!this.#isRung) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      this.#wake = resolve
      this.#signal.addEventListener('abort', this.#onAbort, { once: true })
      await promise
      clearTimeout(timer)
      this.#signal.removeEventListener('abort', this.#onAbort)
    }
    this.#isRung = false
  }

  readonly #onAbort = () => this.#wake()
}
