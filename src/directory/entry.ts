import type { Entry, EntryProblem, IdAttribute } from './source.ts'
import { type ValueForm, decodeValue, formOf } from './values.ts'

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

/**
 * Makes text of the bytes of entries. A value that is no text is left out and named; the entry
 * stays. Values of an attribute that comes more than once in an entry (OpenLDAP does that) are put
 * together.
 */
export class EntryDecoder {
  readonly #idName: string
  readonly #idForm: ValueForm
  readonly #names = new Map<string, AttributeName>()

  constructor(id: IdAttribute) {
    this.#idName = id.attribute.toLowerCase()
    this.#idForm = id.form === 'guid' ? 'guid' : formOf(this.#idName)
  }

  decode(raw: RawEntry): { entry: Entry; problems: EntryProblem[] } {
    const attributes = new Map<string, string[]>()
    const problems: EntryProblem[] = []
    for (const { type, values } of raw.attributes) {
      const { name, form } = this.#nameOf(type)
      const texts = attributes.get(name) ?? []
      for (const value of values) {
        const decoded = decodeValue(value, form)
        if (typeof decoded === 'string') texts.push(decoded)
        else
          problems.push({
            entry: raw.dn,
            attribute: name,
            text: `a value ${decoded.reason}; it is left out`,
          })
      }
      if (texts.length > 0) attributes.set(name, texts)
    }
    const id = attributes.get(this.#idName)?.[0] ?? null
    return { entry: { id, dn: raw.dn, attributes }, problems }
  }

  /** A directory spells each name in one way, so that few are ever worked out. */
  #nameOf(type: string): AttributeName {
    const known = this.#names.get(type)
    if (known) return known
    // `;binary` says how a value was transferred, and nothing about it.
    const name = type.toLowerCase().replace(/;binary(?=;|$)/, '')
    const found = { name, form: name === this.#idName ? this.#idForm : formOf(name) }
    if (this.#names.size < mostNames) this.#names.set(type, found)
    return found
  }
}

interface AttributeName {
  readonly name: string
  readonly form: ValueForm
}

/** More is a directory that makes names up, such as `member;range=…`. */
const mostNames = 1000
