import { Ber, BerReader, ProtocolOperation } from 'ldapts'
import { ProtocolBroken } from '../../ldap-wire/frames.ts'
import { BerCursor, sequence } from './ber-cursor.ts'
import { WireEntry } from './wire-entry.ts'

/** One message of the server, decoded as far as every user of it needs. Entries stay bytes. */
export type Reply =
  | { readonly kind: 'entry'; readonly entry: WireEntry; readonly controls: Controls }
  | { readonly kind: 'reference' }
  | { readonly kind: 'intermediate'; readonly name: string | null; readonly value: Buffer }
  | { readonly kind: 'result'; readonly result: Result }

/** Response controls: OID -> value. */
export type Controls = ReadonlyMap<string, Buffer>

export interface Result {
  /** Result code of RFC 4511, appendix A; 0 is success. */
  readonly code: number
  readonly matchedDn: string
  readonly diagnostic: string
  readonly controls: Controls
  /** Name of an extended response, such as the notice of disconnection. */
  readonly name: string | null
}

const extendedNameTag = 0x8a
const intermediateTag = 0x79
const intermediateNameTag = 0x80
const noControls: Controls = new Map()

/** Decodes a whole LDAP message; throws `ProtocolBroken` for what is none. */
export function decodeReply(bytes: Buffer): { messageId: number; reply: Reply } {
  try {
    const entry = decodeEntry(bytes)
    if (entry) return entry
    const reader = new BerReader(bytes)
    reader.readSequence(0x30)
    const messageId = reader.readInt()
    const operation = reader.readSequence()
    if (messageId === null || operation === null) throw new Error('a message without operation')
    const end = reader.offset + reader.length
    return { messageId, reply: decodeOperation(operation, reader, end) }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new ProtocolBroken(`an answer could not be understood (${cause})`, { cause: error })
  }
}

function decodeOperation(operation: number, reader: BerReader, end: number): Reply {
  switch (operation) {
    case ProtocolOperation.LDAP_RES_SEARCH_REF:
      return { kind: 'reference' }
    case intermediateTag:
      return decodeIntermediate(reader, end)
    default:
      return { kind: 'result', result: decodeResult(reader, end) }
  }
}

/** RFC 4511, 4.13: both parts are optional. */
function decodeIntermediate(reader: BerReader, end: number): Reply {
  let name: string | null = null
  let value: Buffer = Buffer.alloc(0)
  while (reader.offset < end) {
    const tag = need(reader.peek())
    const bytes = need(reader.readString(tag, true))
    if (tag === intermediateNameTag) name = bytes.toString()
    else value = bytes
  }
  return { kind: 'intermediate', name, value }
}

/** Null for every other message. Entries are nearly all that ever comes. */
function decodeEntry(bytes: Buffer): { messageId: number; reply: Reply } | null {
  const cursor = new BerCursor(bytes)
  const end = cursor.open(sequence, bytes.length)
  const idEnd = cursor.open(Ber.Integer, end)
  if (bytes[idEnd] !== ProtocolOperation.LDAP_RES_SEARCH_ENTRY) return null
  if (idEnd - cursor.at < 1 || idEnd - cursor.at > 4) throw new Error('no proper message id')
  const messageId = bytes.readIntBE(cursor.at, idEnd - cursor.at)
  cursor.at = idEnd
  const entryEnd = cursor.open(ProtocolOperation.LDAP_RES_SEARCH_ENTRY, end)
  const entry = new WireEntry(bytes.subarray(cursor.at, entryEnd))
  const controls = entryEnd === end ? noControls : decodeControls(berReaderAt(bytes, entryEnd))
  return { messageId, reply: { kind: 'entry', entry, controls } }
}

function berReaderAt(bytes: Buffer, offset: number): BerReader {
  const reader = new BerReader(bytes)
  reader.offset = offset
  return reader
}

function decodeResult(reader: BerReader, end: number): Result {
  const code = need(reader.readEnumeration())
  const matchedDn = need(reader.readString())
  const diagnostic = need(reader.readString())
  let name: string | null = null
  while (reader.offset < end) {
    // Referrals, SASL credentials, extended name and value: only the name is of use.
    const tag = need(reader.readSequence())
    const next = reader.offset + reader.length
    if (tag === extendedNameTag) name = reader.buffer.toString('utf8', reader.offset, next)
    reader.offset = next
  }
  return { code, matchedDn, diagnostic, controls: decodeControls(reader), name }
}

function decodeControls(reader: BerReader): Controls {
  if (reader.peek() !== ProtocolOperation.LDAP_CONTROLS) return noControls
  const controls = new Map<string, Buffer>()
  reader.readSequence()
  const end = reader.offset + reader.length
  while (reader.offset < end) {
    need(reader.readSequence(0x30))
    const controlEnd = reader.offset + reader.length
    const oid = need(reader.readString())
    if (reader.offset < controlEnd && reader.peek() === Ber.Boolean) reader.readBoolean()
    const hasValue = reader.offset < controlEnd
    controls.set(oid, hasValue ? need(reader.readString(Ber.OctetString, true)) : Buffer.alloc(0))
  }
  return controls
}

function need<Value>(value: Value | null): Value {
  if (value === null) throw new Error('it is cut short')
  return value
}
