import { type DirectoryChange, DirectoryIncomplete } from '../../source.ts'
import { type FollowerParts, type Link, deltaOf, readAgain } from './follower.ts'

/** More differences than that are the business of a full read. */
const mostDifferences = 500

/**
 * The ids of everybody, compared with those that were handed out: who is missing is gone, who is
 * new was overlooked. Both are asked for once more by id before they are told. A list that looks
 * like a lost right (nobody, or less than half) is told as `read-again`, and so is one before the
 * first read was complete, with which nothing can be compared. Null when nothing is different.
 */
export async function sweep(
  link: Link,
  { reader, known }: Pick<FollowerParts, 'reader' | 'known'>,
): Promise<DirectoryChange | null> {
  const before = known.snapshot()
  if (!before) return readAgain
  const present = new Set<string>()
  const search = { ...reader.search, attributes: [reader.id.attribute] }
  for await (const page of reader.pages(link.channel, link.signal, search)) {
    for (const raw of page) {
      const id = reader.idOf(raw)
      if (id !== null) present.add(id)
    }
  }
  if (isSuspicious(present.size, before.size)) return readAgain
  const different = [
    ...[...before].filter((id) => !present.has(id)),
    ...[...present].filter((id) => !known.mayHave(id)),
  ]
  return tellByIds(link, { reader, known }, different)
}

/** Reads these ids and tells what became of them. */
export async function tellByIds(
  { channel, signal }: Link,
  { reader, known }: Pick<FollowerParts, 'reader' | 'known'>,
  ids: readonly string[],
  alsoGone: readonly string[] = [],
): Promise<DirectoryChange | null> {
  if (ids.length > mostDifferences) return readAgain
  try {
    const found = await reader.byId(channel, ids, signal)
    for (const { id } of found.entries) if (id !== null) known.add(id)
    const gone = [...found.gone, ...alsoGone].filter((id) => known.mayHave(id))
    for (const id of gone) known.delete(id)
    return deltaOf({ ...found, gone })
  } catch (error) {
    if (error instanceof DirectoryIncomplete) return readAgain
    throw error
  }
}

export function isSuspicious(present: number, before: number): boolean {
  return present === 0 || present * 2 < before
}

/** Longest part of the time that a server is busy with sweeps. */
const busyShare = 1 / 20

/** When the next sweep is due: soon after something moved, and not more often than configured. */
export class SweepTimes {
  readonly #everyMs: number
  readonly #now: () => number
  #isWanted = false
  #restUntil = -Infinity

  constructor(everyMs: number, now: () => number) {
    this.#everyMs = everyMs
    this.#now = now
  }

  want(): void {
    this.#isWanted = true
  }

  get isDue(): boolean {
    return this.#isWanted && this.#now() >= this.#restUntil
  }

  /** Runs a sweep. What moves meanwhile wants another one. */
  async run<Found>(sweeping: () => Promise<Found>): Promise<Found> {
    const started = this.#now()
    this.#isWanted = false
    const found = await sweeping()
    const tookMs = this.#now() - started
    this.#restUntil = this.#now() + Math.max(this.#everyMs, tookMs / busyShare)
    return found
  }
}
