import { EntryDecoder, type RawAttribute, type RawEntry } from '../entry.ts'
import type { Filter } from '../../ldap-wire/filter.ts'
import { parseFilter } from '../filter.ts'
import {
  type CheckStep,
  type DirectoryChange,
  DirectoryIncomplete,
  type DirectorySource,
  DirectoryUnavailable,
  type Entry,
  type EntryBatch,
  type EntryProblem,
  type EntryRequest,
} from '../source.ts'
import { idOfDn, isInScope, normaliseDn } from './distinguished-name.ts'
import { fileChanges, pathState } from './file-changes.ts'
import type { FileState } from './file-state.ts'
import { readLdifFile } from './ldif-file.ts'
import { matches } from './matches.ts'
import type { ParsedRecord } from './record.ts'

export interface LdifSettings {
  readonly file: string
  /** Empty for the whole file. */
  readonly base: string
  readonly scope: 'sub' | 'one' | 'base'
  /** The configured filter; null means the mapping's. */
  readonly filter: string | null
  /** How long the file must have been left alone to count as written to the end. */
  readonly settleMs: number
  readonly pollMs: number
}

/**
 * A directory in an LDIF file. Base, scope and filter choose among its records as a server would.
 * A record without the id attribute gets an id made from its DN.
 */
export class LdifSource implements DirectorySource {
  readonly name: string
  readonly #settings: LdifSettings
  readonly #request: EntryRequest
  readonly #filter: Filter
  readonly #decoder: EntryDecoder
  readonly #wanted: ReadonlySet<string>
  #lastRead: FileState | null = null

  constructor(name: string, settings: LdifSettings, request: EntryRequest) {
    this.name = name
    this.#settings = settings
    this.#request = request
    this.#decoder = new EntryDecoder(request.id)
    this.#wanted = new Set(
      [...request.attributes, request.id.attribute].map((name) => name.toLowerCase()),
    )
    this.#filter = parseFilter(settings.filter ?? request.filter)
  }

  async *read(signal: AbortSignal): AsyncGenerator<EntryBatch, void> {
    const { file, settleMs } = this.#settings
    const known = new Set<string>()
    const onWhole = (state: FileState) => {
      this.#lastRead = state
    }
    try {
      for await (const records of readLdifFile(file, { settleMs, signal, onWhole })) {
        const batch = this.#batch(records, known)
        if (batch.entries.length > 0 || batch.problems.length > 0) yield batch
      }
    } catch (error) {
      throw this.#named(error)
    }
  }

  async *check(signal: AbortSignal): AsyncGenerator<CheckStep, void> {
    const started = performance.now()
    const step = (name: CheckStep['step'], ok: boolean, detail: string): CheckStep => {
      return { step: name, ok, detail, tookMs: Math.round(performance.now() - started) }
    }
    const { file } = this.#settings
    const problems: EntryProblem[] = []
    let count = 0
    let sample: Entry | undefined
    try {
      for await (const batch of this.read(signal)) {
        count += batch.entries.length
        sample ??= batch.entries[0]
        problems.push(...batch.problems)
      }
    } catch (error) {
      yield step('file', false, error instanceof Error ? error.message : String(error))
      return
    }
    const [first] = problems
    const trouble = first
      ? `, ${problems.length} problems; the first: ${first.entry}: ${first.text}`
      : ''
    yield step('file', problems.length === 0, `${file} was read to its end${trouble}`)
    const nobody = `no record of ${file} fits; check base and filter of sources.${this.name}`
    yield step('count', count > 0, count > 0 ? `${count} entries` : nobody)
    if (sample)
      yield step('sample', true, `${sample.dn} (${[...sample.attributes.keys()].join(', ')})`)
  }

  async *changes(signal: AbortSignal): AsyncGenerator<DirectoryChange, void> {
    const { file, settleMs, pollMs } = this.#settings
    const lastRead = () => this.#lastRead
    const told = lastRead() ?? (await pathState(file))
    if (signal.aborted) return
    yield { kind: 'read-again' }
    for await (const _ of fileChanges(file, { told, lastRead, settleMs, pollMs, signal })) {
      yield { kind: 'read-again' }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #batch(records: readonly ParsedRecord[], known: Set<string>): EntryBatch {
    const entries: Entry[] = []
    const problems: EntryProblem[] = []
    for (const parsed of records) {
      if (parsed.kind === 'remark') this.#heed(parsed.result)
      else problems.push(...parsed.problems)
      if (parsed.kind !== 'entry' || !this.#isWanted(parsed.record)) continue
      const decoded = this.#decoder.decode(this.#onlyWanted(parsed.record))
      const id = decoded.entry.id ?? idOfDn(decoded.entry.dn)
      problems.push(...decoded.problems)
      if (known.has(id)) {
        const text = `has the same dn or ${this.#request.id.attribute} as a record above; it is left out`
        problems.push({ entry: decoded.entry.dn, text })
        continue
      }
      known.add(id)
      entries.push({ ...decoded.entry, id })
    }
    return { entries, problems }
  }

  /** An export may hold the word of the server it came from that it was cut. */
  #heed(result: string | null): void {
    if (result === null || /^0\b/.test(result.trim())) return
    const { file } = this.#settings
    throw new DirectoryIncomplete(`${file} is an export that did not succeed: "result: ${result}"`)
  }

  /** A server sends only what it was asked for; a file may hold passwords beside it. */
  #onlyWanted({ dn, attributes }: RawEntry): RawEntry {
    if (this.#wanted.has('*')) return { dn, attributes }
    const isWanted = ({ type }: RawAttribute) =>
      this.#wanted.has(type.toLowerCase().replace(/;.*/, ''))
    return { dn, attributes: attributes.filter(isWanted) }
  }

  #isWanted(record: RawEntry): boolean {
    const { base, scope } = this.#settings
    if (base !== '' && !isInScope(normaliseDn(record.dn), normaliseDn(base), scope)) return false
    return matches(this.#filter, record)
  }

  #named(error: unknown): unknown {
    const text = error instanceof Error ? `directory '${this.name}': ${error.message}` : ''
    if (error instanceof DirectoryIncomplete) return new DirectoryIncomplete(text, { cause: error })
    if (error instanceof DirectoryUnavailable) {
      return new DirectoryUnavailable(`${text}; check sources.${this.name}.ldif`, { cause: error })
    }
    return error
  }
}
