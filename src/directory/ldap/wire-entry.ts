import { hash } from 'node:crypto'
import type { RawAttribute, RawEntry } from '../entry.ts'
import { BerCursor, octetString, sequence, setOf } from './ber-cursor.ts'
import { ProtocolBroken } from '../../ldap-wire/frames.ts'

/** Hears of the parts of an entry, in their order. Offsets are of the bytes of `WireEntry`. */
export interface EntryVisitor {
  attribute(bytes: Buffer, start: number, end: number): void
  value(bytes: Buffer, start: number, end: number): void
}

/**
 * A SearchResultEntry (RFC 4511, 4.5.2) in the bytes in which it came, which are read when they
 * are asked for. What is broken in it throws `ProtocolBroken` then.
 */
export class WireEntry implements RawEntry {
  /** The name and the attributes, without message id and controls. */
  readonly bytes: Buffer
  #print: string | null = null

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get dn(): string {
    return understood(() => new BerCursor(this.bytes).text(octetString, this.bytes.length))
  }

  get attributes(): readonly RawAttribute[] {
    const attributes: { type: string; values: Buffer[] }[] = []
    this.visit({
      attribute: (bytes, start, end) =>
        attributes.push({ type: bytes.toString('utf8', start, end), values: [] }),
      value: (bytes, start, end) => attributes.at(-1)?.values.push(bytes.subarray(start, end)),
    })
    return attributes
  }

  visit(visitor: EntryVisitor): void {
    understood(() => visitParts(this.bytes, visitor))
  }

  /** A digest that no other entry has, nor this one with any other name or value. */
  print(): string {
    this.#print ??= hash('sha256', this.bytes, 'binary')
    return this.#print
  }
}

function visitParts(bytes: Buffer, visitor: EntryVisitor): void {
  const cursor = new BerCursor(bytes)
  cursor.at = cursor.open(octetString, bytes.length)
  const end = cursor.open(sequence, bytes.length)
  while (cursor.at < end) {
    const attributeEnd = cursor.open(sequence, end)
    const nameEnd = cursor.open(octetString, attributeEnd)
    visitor.attribute(bytes, cursor.at, nameEnd)
    cursor.at = nameEnd
    const valuesEnd = cursor.open(setOf, attributeEnd)
    while (cursor.at < valuesEnd) {
      const valueEnd = cursor.open(octetString, valuesEnd)
      visitor.value(bytes, cursor.at, valueEnd)
      cursor.at = valueEnd
    }
    cursor.at = attributeEnd
  }
}

function understood<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new ProtocolBroken(`an entry could not be understood (${cause})`, { cause: error })
  }
}
