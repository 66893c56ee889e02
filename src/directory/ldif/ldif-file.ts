import { basename } from 'node:path'
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { DirectoryIncomplete, DirectoryUnavailable } from '../source.ts'
import { type FileState, fileState, isSameState } from './file-state.ts'
import { type LdifLine, LineReader } from './lines.ts'
import { type ParsedRecord, parseRecord } from './record.ts'

export interface LdifReadOptions {
  /** How long a file must have been left alone to count as written to the end. */
  readonly settleMs: number
  readonly signal: AbortSignal
  /** Hears which state of the file was read, once that is known to be whole. */
  readonly onWhole: (state: FileState) => void
}

const chunkBytes = 32 * 1024

/**
 * The records of a file, in batches that follow its chunks. Ends normally only when the file is
 * whole: it ends in a line break, and it was left alone while it was read and for a moment after.
 */
export async function* readLdifFile(
  path: string,
  { settleMs, signal, onWhole }: LdifReadOptions,
): AsyncGenerator<ParsedRecord[], void> {
  const file = await openFile(path)
  try {
    const before = await stateOf(file)
    if (before.size === 0n) throw new DirectoryIncomplete(`${path} is empty`)
    yield* readRecords(file, path, Number(before.size), signal)
    const after = await settledState(file, settleMs, signal)
    if (!isSameState(before, after)) throw changed(path)
    onWhole(after)
  } finally {
    await file.close()
  }
}

async function* readRecords(
  file: FileHandle,
  path: string,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<ParsedRecord[], void> {
  const name = basename(path)
  const reader = new LineReader()
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let record: LdifLine[] = []
  const collect = (lines: Iterable<LdifLine>): ParsedRecord[] => {
    const records: ParsedRecord[] = []
    for (const line of lines) {
      if (line.bytes.length > 0) record.push(line)
      else if (record.length > 0) {
        records.push(parseRecord(record, name))
        record = []
      }
    }
    return records
  }

  for (let at = 0; ;) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, chunkBytes)
    if (bytesRead === 0) break
    const chunk = Buffer.from(buffer.subarray(0, bytesRead))
    yield collect(reader.push(at === 0 ? withoutMark(chunk, path) : chunk))
    at += bytesRead
    if (at > size) throw changed(path)
  }
  if (!reader.endsInLineBreak) {
    throw new DirectoryIncomplete(
      `${path} ends in the middle of a line; if it is complete, end it with a line break`,
    )
  }
  yield collect(reader.end())
  if (record.length > 0) yield [parseRecord(record, name)]
}

function changed(path: string): DirectoryIncomplete {
  const remedy = 'write it under another name and rename it'
  return new DirectoryIncomplete(`${path} was changed while it was read; ${remedy}`)
}

function withoutMark(chunk: Buffer, path: string): Buffer {
  if (chunk[0] === 0xff || chunk[0] === 0xfe) {
    throw new DirectoryIncomplete(`${path} is UTF-16; save it as UTF-8 (ldifde without -u)`)
  }
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
    throw new Error('it is no file')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : String(error)
    throw new DirectoryUnavailable(`${path} cannot be read (${code})`, { cause: error })
  }
}

/** A file that was written a moment ago may be half of one: the next moment tells. */
async function settledState(
  file: FileHandle,
  settleMs: number,
  signal: AbortSignal,
): Promise<FileState> {
  const state = await stateOf(file)
  const age = BigInt(Date.now()) - state.modifiedNs / 1_000_000n
  if (age >= BigInt(settleMs)) return state
  await sleep(settleMs, undefined, { signal })
  return stateOf(file)
}

async function stateOf(file: FileHandle): Promise<FileState> {
  return fileState(await file.stat({ bigint: true }))
}
