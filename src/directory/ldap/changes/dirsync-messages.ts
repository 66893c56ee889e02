import { Ber, BerReader, BerWriter, Control } from 'ldapts'
import type { Controls } from '../reply.ts'

/** LDAP_SERVER_DIRSYNC_OID: MS-ADTS, 3.1.1.3.4.1.3. */
export const dirSyncOid = '1.2.840.113556.1.4.841'

/** Asks for what the account may read; without it, the account needs the right to replicate. */
export const objectSecurity = 0x1
/** Asks for the values that came or went instead of whole lists. */
export const incrementalValues = 0x8000_0000

/** What one answer holds at most, as Microsoft's own clients ask for. */
const mostBytes = 1024 * 1024

export class DirSyncControl extends Control {
  readonly #flags: number
  readonly #cookie: Buffer

  /** An empty cookie asks for everything. */
  constructor(flags: number, cookie: Buffer) {
    super(dirSyncOid, { critical: true })
    this.#flags = flags
    this.#cookie = cookie
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter()
    value.startSequence()
    // Flags are 32 bits in a signed number: the highest one makes it negative.
    value.writeInt(this.#flags | 0)
    value.writeInt(mostBytes)
    value.writeBuffer(this.#cookie, Ber.OctetString)
    value.endSequence()
    writer.writeBuffer(value.buffer, Ber.OctetString)
  }
}

/** Null when the answer has none, which is no answer to the question. */
export function decodeDirSync(
  controls: Controls,
): { readonly hasMore: boolean; readonly cookie: Buffer } | null {
  const value = controls.get(dirSyncOid)
  if (!value) return null
  const reader = new BerReader(value)
  reader.readSequence()
  const more = reader.readInt()
  reader.readInt()
  const cookie = reader.readString(Ber.OctetString, true)
  if (more === null || !cookie?.length) return null
  return { hasMore: more !== 0, cookie: Buffer.from(cookie) }
}

/**
 * Which part of a list an attribute of an answer is: `member;range=1-1` has the values that came,
 * `member;range=0-0` those that went, and `member` all of them. Null: it is another attribute.
 */
export function partOfList(type: string, attribute: string): 'came' | 'went' | 'whole' | null {
  const [name = '', ...options] = type.toLowerCase().split(';')
  if (name !== attribute.toLowerCase()) return null
  if (options.includes('range=1-1')) return 'came'
  return options.includes('range=0-0') ? 'went' : 'whole'
}
