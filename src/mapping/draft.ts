import type { Entry, EntryProblem } from '../directory/source.ts'
import { parseNumber, type ParsedNumber } from '../person/numbers.ts'
import type { Site } from '../person/site.ts'
import type { FieldKey } from './fields.ts'

/** Makes one field of the draft's entry, for other fields that are made from it. */
export type FieldReader = (field: FieldKey, draft: Draft) => readonly string[]

/** One entry while it becomes a person: what was found so far, and what was wrong with it. */
export class Draft {
  readonly entry: Entry
  readonly site: Site
  readonly #readField: FieldReader
  #fields: Map<FieldKey, readonly string[]> | null = null
  #problems: EntryProblem[] | null = null
  #numbers: [text: string, parsed: ParsedNumber][] | null = null

  constructor(entry: Entry, site: Site, readField: FieldReader) {
    this.entry = entry
    this.site = site
    this.#readField = readField
  }

  /** The values of a mapped field, in whatever order fields are asked for. */
  field(field: FieldKey): readonly string[] {
    const known = this.#fields?.get(field)
    if (known !== undefined) return known
    // A field that is made from itself, around some corner, finds nothing there.
    this.keep(field, none)
    const values = this.#readField(field, this)
    this.keep(field, values)
    return values
  }

  keep(field: FieldKey, values: readonly string[]): void {
    this.#fields ??= new Map()
    this.#fields.set(field, values)
  }

  /** A telephone number serves several fields (extension, DID, phone) and is read once. */
  parse(text: string): ParsedNumber {
    this.#numbers ??= []
    const known = this.#numbers.find(([other]) => other === text)
    if (known !== undefined) return known[1]
    const parsed = parseNumber(text, this.site)
    this.#numbers.push([text, parsed])
    return parsed
  }

  /** Said once, and at most twenty times for one entry: a hostile one must not fill the report. */
  problem(attribute: string | null, text: string): void {
    this.#problems ??= []
    if (this.#problems.length >= 20) return
    if (this.#problems.some((one) => (one.attribute ?? null) === attribute && one.text === text))
      return
    const entry = this.entry.dn
    this.#problems.push(attribute === null ? { entry, text } : { entry, attribute, text })
  }

  get problems(): readonly EntryProblem[] {
    return this.#problems ?? none
  }
}

const none: readonly never[] = Object.freeze([])
