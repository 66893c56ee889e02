import { type ValueForm, formOf } from './values.ts'

/** How an attribute is called everywhere, and how its bytes become text. */
export interface AttributeName {
  /** In lower case, with its options except `;binary`, which says how a value was transferred. */
  readonly name: string
  readonly form: ValueForm
  /** Only some of its values, as Active Directory writes a long list: `member;range=0-1499`. */
  readonly isPart: boolean
}

/**
 * The names that a directory writes above its values. It spells each in one way and writes few of
 * them, a million times: so they are known by their bytes, and no text is made of them again.
 */
export class AttributeNames {
  readonly #formOf: (name: string) => ValueForm
  readonly #byShape = new Map<number, Known[]>()
  #count = 0

  constructor(idName: string, idForm: ValueForm) {
    this.#formOf = (name) => (name === idName ? idForm : formOf(name))
  }

  of(bytes: Buffer, start: number, end: number): AttributeName {
    const shape = ((end - start) << 16) | ((bytes[start] ?? 0) << 8) | (bytes[end - 1] ?? 0)
    const alike = this.#byShape.get(shape)
    if (alike) for (const known of alike) if (isAt(known.bytes, bytes, start)) return known
    const written = Buffer.from(bytes.subarray(start, end))
    const name = written
      .toString()
      .toLowerCase()
      .replace(/;binary(?=;|$)/, '')
    const isPart = name.includes(';range=')
    const found = { name, form: this.#formOf(name), isPart, bytes: written }
    if (this.#count++ < mostNames) {
      if (alike) alike.push(found)
      else this.#byShape.set(shape, [found])
    }
    return found
  }
}

interface Known extends AttributeName {
  readonly bytes: Buffer
}

/** Whether these bytes stand there; the length is known to be the same. */
function isAt(wanted: Buffer, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (wanted[index] !== bytes[start + index]) return false
  }
  return true
}

/** More is a directory that makes names up, such as `member;range=…`. */
const mostNames = 1000
