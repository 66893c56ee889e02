import type { DirectoryChange } from '../../source.ts'
import { SearchRefused } from '../search.ts'
import { type FollowerParts, type Link, readAgain } from './follower.ts'
import { sweep, tellByIds } from './sweep.ts'

/** Clocks of servers differ, but in a company that logs in to them not by an hour. */
const backMs = 3_600_000
/** By then a search that was sent has begun, however busy the server is. */
const restMs = 2000

/**
 * Makes up for a search that does not say when it has begun: what changed after the full read saw
 * an entry and before the server listened would never be told. Once, when that read is over, the
 * entries of the last hour are told again, and the ids are compared.
 */
export class LookBack {
  readonly #parts: FollowerParts
  readonly #since: number
  readonly #readsBefore: number
  #isDone = false

  /** When the search was just sent. */
  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#since = parts.now()
    this.#readsBefore = parts.known.reads
  }

  /** How long until it is to be asked whether it is time; null when it is over. */
  get dueInMs(): number | null {
    if (this.#isDone) return null
    return Math.max(restMs / 10, this.#since + restMs - this.#parts.now())
  }

  get isDue(): boolean {
    const { now, known } = this.#parts
    const hasBegun = now() >= this.#since + restMs
    return !this.#isDone && hasBegun && known.reads > this.#readsBefore
  }

  async *run(link: Link): AsyncGenerator<DirectoryChange, void> {
    this.#isDone = true
    const ids = await this.#recent(link)
    const recent = ids === null ? readAgain : await tellByIds(link, this.#parts, ids)
    if (recent) yield recent
    if (recent?.kind === 'read-again') return
    const different = await sweep(link, this.#parts)
    if (different) yield different
  }

  /** Null where the server does not search by time. */
  async #recent(link: Link): Promise<string[] | null> {
    const { reader } = this.#parts
    const value = Buffer.from(generalizedTime(this.#since - backMs))
    const since = { kind: 'greaterOrEqual', attribute: 'modifyTimestamp', value } as const
    const filter = { kind: 'and', filters: [reader.search.filter, since] } as const
    const search = { ...reader.search, filter, attributes: [reader.id.attribute] }
    const ids: string[] = []
    try {
      for await (const page of reader.pages(link.channel, link.signal, search)) {
        ids.push(...page.flatMap((raw) => reader.idOf(raw) ?? []))
      }
      return ids
    } catch (error) {
      if (error instanceof SearchRefused) return null
      throw error
    }
  }
}

/** RFC 4517, 3.3.13: 20261122070000Z. */
function generalizedTime(ms: number): string {
  return `${new Date(ms).toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`
}
