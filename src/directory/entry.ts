import { AttributeNames, type AttributeName } from './attribute-names.ts'
import type { Entry, EntryProblem, IdAttribute } from './source.ts'
import { decodeValue, formOf } from './values.ts'

/** An entry as its protocol has it: bytes. */
export interface RawEntry {
  readonly dn: string
  /** In the directory's order and spelling; the same type may come more than once. */
  readonly attributes: readonly RawAttribute[]
}

export interface RawAttribute {
  readonly type: string
  readonly values: readonly Buffer[]
}

export interface DecodedEntry {
  readonly entry: Entry
  readonly problems: readonly EntryProblem[]
}

/** Makes text of the bytes of entries. */
export class EntryDecoder {
  readonly #idName: string
  readonly #names: AttributeNames

  constructor(id: IdAttribute) {
    this.#idName = id.attribute.toLowerCase()
    this.#names = new AttributeNames(
      this.#idName,
      id.form === 'guid' ? 'guid' : formOf(this.#idName),
    )
  }

  decode(raw: RawEntry): DecodedEntry {
    const draft = this.draft(raw.dn)
    for (const { type, values } of raw.attributes) {
      const name = Buffer.from(type)
      draft.attribute(name, 0, name.length)
      for (const value of values) draft.value(value, 0, value.length)
    }
    return draft.finish()
  }

  /** For a protocol that hands out an entry's parts one by one. */
  draft(dn: string): EntryDraft {
    return new EntryDraft(dn, this.#idName, this.#names)
  }
}

/**
 * One entry while its values become texts. A value that is no text is left out and named; the entry
 * stays. Values of an attribute that comes more than once in an entry (OpenLDAP does that) are put
 * together.
 */
export class EntryDraft {
  readonly #dn: string
  readonly #idName: string
  readonly #names: AttributeNames
  readonly #attributes = new Map<string, string[]>()
  #problems: EntryProblem[] | null = null
  #isPartial = false
  #current: AttributeName | null = null
  #texts: string[] | undefined

  constructor(dn: string, idName: string, names: AttributeNames) {
    this.#dn = dn
    this.#idName = idName
    this.#names = names
  }

  /** The name of the attribute whose values come next. */
  attribute(bytes: Buffer, start: number, end: number): void {
    this.#current = this.#names.of(bytes, start, end)
    this.#texts = undefined
    if (this.#current.isPart) this.#isPartial = true
  }

  /** Some values were held back and are still to be asked for. */
  get isPartial(): boolean {
    return this.#isPartial
  }

  value(bytes: Buffer, start: number, end: number): void {
    if (this.#current === null) return
    const { name, form } = this.#current
    const decoded = decodeValue(bytes, start, end, form)
    if (typeof decoded !== 'string') {
      const text = `a value ${decoded.reason}; it is left out`
      this.#problems ??= []
      this.#problems.push({ entry: this.#dn, attribute: name, text })
      return
    }
    const texts = (this.#texts ??= this.#attributes.get(name))
    if (texts) texts.push(decoded)
    else this.#attributes.set(name, (this.#texts = [decoded]))
  }

  finish(): DecodedEntry {
    const id = this.#attributes.get(this.#idName)?.[0] ?? null
    return {
      entry: { id, dn: this.#dn, attributes: this.#attributes },
      problems: this.#problems ?? none,
    }
  }
}

const none: readonly never[] = Object.freeze([])
