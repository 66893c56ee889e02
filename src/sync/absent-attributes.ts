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
  readonly #expected: readonly ExpectedAttributes[]
  #missing: readonly ExpectedAttributes[]
  /** What the last complete read missed; of entries that are as they were nothing else is known. */
  #missingBefore: readonly ExpectedAttributes[]

  constructor(source: string, expected: readonly ExpectedAttributes[]) {
    this.#source = source
    this.#expected = this.#missing = this.#missingBefore = expected
  }

  /** The source itself, only that it is looked at what it hands out. */
  watch(source: DirectorySource): Pick<DirectorySource, 'name' | 'read'> {
    this.#missing = this.#expected
    return { name: source.name, read: (...asked) => this.#look(source.read(...asked)) }
  }

  /** The reading, with what was missed among its problems. */
  noteIn(reading: Reading): Reading {
    const { entries, problems, problemCount } = reading
    this.#missingBefore = this.#missing
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
      if (batch.unchanged?.length) {
        this.#missing = this.#missing.filter((each) => this.#missingBefore.includes(each))
      }
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
