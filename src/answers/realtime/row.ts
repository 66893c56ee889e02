import { encodeFields, type Fields } from './codec.ts'

/** A row and its encoded line, which is made once. */
export class Row {
  readonly fields: Fields
  #line: string | undefined

  constructor(fields: Fields) {
    this.fields = fields
  }

  get line(): string {
    return (this.#line ??= encodeFields(this.fields))
  }
}
