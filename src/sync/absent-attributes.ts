import type { DirectorySource, Entry, EntryBatch, EntryProblem } from '../directory/source.ts'
import type { ExpectedAttributes } from '../mapping/expected-attributes.ts'
import type { Reading } from './reading.ts'

/** Of fewer entries nothing follows. */
const fewestEntries = 10

/**
 * Looks on while a source is read for attributes that the administrator named himself and that
 * nobody has: a wrong name, or no right to read it. Costs nothing once each of them was seen.
 */
export class AbsentAttributes {
  readonly #source: string
  #missing: readonly ExpectedAttributes[]

  constructor(source: string, expected: readonly ExpectedAttributes[]) {
    this.#source = source
    this.#missing = expected
  }

  /** The source itself, only that it is looked at what it hands out. */
  watch(source: DirectorySource): Pick<DirectorySource, 'name' | 'read'> {
    return { name: source.name, read: (signal) => this.#look(source.read(signal)) }
  }

  /** The reading, with what was missed among its problems. */
  noteIn(reading: Reading): Reading {
    const { entries, problems, problemCount } = reading
    if (this.#missing.length === 0 || entries < fewestEntries) return reading
    const found = this.#missing.map(({ field, attributes }): EntryProblem => {
      const text = `was never returned for any of ${entries} entries: map.${field} names it wrongly, or the account has no right to read it`
      return { entry: this.#source, attribute: attributes.join(', '), text }
    })
    return {
      ...reading,
      problems: [...found, ...problems],
      problemCount: problemCount + found.length,
    }
  }

  async *#look(batches: AsyncIterable<EntryBatch>): AsyncGenerator<EntryBatch> {
    for await (const batch of batches) {
      for (const entry of batch.entries) {
        if (this.#missing.length === 0) break
        this.#missing = this.#missing.filter(({ attributes }) => !hasAny(entry, attributes))
      }
      yield batch
    }
  }
}

function hasAny({ attributes }: Entry, wanted: readonly string[]): boolean {
  if (wanted.some((name) => attributes.has(name))) return true
  for (const name of attributes.keys()) {
    const option = name.indexOf(';')
    if (option > 0 && wanted.includes(name.slice(0, option))) return true
  }
  return false
}
