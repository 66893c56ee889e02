import { type BerWriter, Filter as WireFilter } from 'ldapts'
import type { Filter } from '../../ldap-wire/filter.ts'

// Context tags of RFC 4511, 4.5.1.7.
const tags = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equal: 0xa3,
  substring: 0xa4,
  greaterOrEqual: 0xa5,
  lessOrEqual: 0xa6,
  present: 0x87,
  approx: 0xa8,
  extensible: 0xa9,
} as const satisfies Record<Filter['kind'], number>

/** A parsed filter in the shape that a search request writes. Values go as bytes, untouched. */
export class EncodedFilter extends WireFilter {
  override readonly type = tags.and
  readonly #filter: Filter

  constructor(filter: Filter) {
    super()
    this.#filter = filter
  }

  override write(writer: BerWriter): void {
    writeFilter(writer, this.#filter)
  }

  override toString(): string {
    return `(${this.#filter.kind} …)`
  }
}

function writeFilter(writer: BerWriter, filter: Filter): void {
  const tag = tags[filter.kind]
  if (filter.kind === 'present') {
    writer.writeString(filter.attribute, tag)
    return
  }
  writer.startSequence(tag)
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const each of filter.filters) writeFilter(writer, each)
      break
    case 'not':
      writeFilter(writer, filter.filter)
      break
    case 'substring':
      writer.writeString(filter.attribute)
      writer.startSequence()
      if (filter.initial) writer.writeBuffer(filter.initial, 0x80)
      for (const part of filter.any) writer.writeBuffer(part, 0x81)
      if (filter.final) writer.writeBuffer(filter.final, 0x82)
      writer.endSequence()
      break
    case 'extensible':
      if (filter.rule) writer.writeString(filter.rule, 0x81)
      if (filter.attribute) writer.writeString(filter.attribute, 0x82)
      writer.writeBuffer(filter.value, 0x83)
      if (filter.dnAttributes) writer.writeBoolean(true, 0x84)
      break
    default:
      writer.writeString(filter.attribute)
      writer.writeBuffer(filter.value, 0x04)
  }
  writer.endSequence()
}
