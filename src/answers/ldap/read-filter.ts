import type { BerReader } from '../../ldap-wire/ber-reader.ts'
import type { Filter } from '../../ldap-wire/filter.ts'
import { ProtocolBroken } from '../../ldap-wire/frames.ts'

const deepest = 16
const mostItems = 128

/**
 * A filter as it comes over the wire (RFC 4511, 4.5.1.7); null: it is deeper or longer than any
 * phone's. Throws `ProtocolBroken` for what is no filter.
 */
export function readFilter(reader: BerReader): Filter | null {
  return readOne(reader, { depth: 0, items: 0 })
}

interface Place {
  readonly depth: number
  items: number
}

function readOne(reader: BerReader, place: Place): Filter | null {
  const tag = reader.peek() ?? 0
  if (++place.items > mostItems || place.depth > deepest) {
    reader.inside(tag)
    return null
  }
  switch (tag) {
    case 0xa0:
    case 0xa1:
      return readSeveral(tag === 0xa0 ? 'and' : 'or', reader.inside(tag), place)
    case 0xa2: {
      const filter = readDeeper(reader.inside(tag), place)
      return filter && { kind: 'not', filter }
    }
    case 0xa3:
      return { kind: 'equal', ...readPair(reader.inside(tag)) }
    case 0xa4:
      return readSubstring(reader.inside(tag))
    case 0xa5:
      return { kind: 'greaterOrEqual', ...readPair(reader.inside(tag)) }
    case 0xa6:
      return { kind: 'lessOrEqual', ...readPair(reader.inside(tag)) }
    case 0x87:
      return { kind: 'present', attribute: reader.text(tag) }
    case 0xa8:
      return { kind: 'approx', ...readPair(reader.inside(tag)) }
    case 0xa9:
      return readExtensible(reader.inside(tag))
    default:
      throw new ProtocolBroken('a filter is of no known kind')
  }
}

function readSeveral(kind: 'and' | 'or', list: BerReader, place: Place): Filter | null {
  const filters: Filter[] = []
  while (!list.isAtEnd) {
    const filter = readDeeper(list, place)
    if (!filter) return null
    filters.push(filter)
  }
  return { kind, filters }
}

function readDeeper(reader: BerReader, place: Place): Filter | null {
  const deeper = { depth: place.depth + 1, items: place.items }
  const filter = readOne(reader, deeper)
  place.items = deeper.items
  return filter
}

function readPair(pair: BerReader): { attribute: string; value: Buffer } {
  return { attribute: pair.text(), value: pair.bytes() }
}

function readSubstring(item: BerReader): Filter {
  const attribute = item.text()
  const parts = item.inside(0x30)
  let initial: Buffer | null = null
  let final: Buffer | null = null
  const any: Buffer[] = []
  while (!parts.isAtEnd) {
    const tag = parts.peek() ?? 0
    const value = parts.bytes(tag)
    if (tag === 0x80) initial = value
    else if (tag === 0x82) final = value
    else if (tag === 0x81 && any.length < mostItems) any.push(value)
    else throw new ProtocolBroken('a filter has a part that is none')
  }
  return { kind: 'substring', attribute, initial, any, final }
}

function readExtensible(item: BerReader): Filter {
  const rule = item.peek() === 0x81 ? item.text(0x81) : null
  const attribute = item.peek() === 0x82 ? item.text(0x82) : null
  const value = item.bytes(0x83)
  const dnAttributes = item.peek() === 0x84 && item.boolean(0x84)
  return { kind: 'extensible', attribute, rule, dnAttributes, value }
}
