import { encodeFields, type Fields } from './codec.ts'

/** A row and its encoded line. */
export class Row {
  readonly fields: Fields

  constructor(fields: Fields) {
    this.fields = fields
  }

  /** Percent-encoded, with its line end. */
  get line(): string {
    return encodeFields(this.fields)
  }
}
