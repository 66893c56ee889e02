import { BerWriter } from '../../ldap-wire/ber-writer.ts'

/** Result codes of RFC 4511, appendix A. */
export const codes = {
  success: 0,
  protocolError: 2,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  noSuchAttribute: 16,
  noSuchObject: 32,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unwillingToPerform: 53,
} as const

export interface Outcome {
  readonly code: (typeof codes)[keyof typeof codes]
  /** For whoever sets the phone up. */
  readonly words?: string
  readonly matchedDn?: string
}

/** Tags of the answers. */
export const answers = { bind: 0x61, entry: 0x64, search: 0x65, extended: 0x78 } as const

/** An entry with the attributes that were asked for, in the spelling in which they were. */
export interface Entry {
  readonly dn: string
  readonly attributes: readonly (readonly [name: string, values: readonly string[]])[]
}

/** Response controls: OID and value. */
export type ReplyControls = readonly (readonly [oid: string, value: Buffer])[]

export function encodeEntry(id: number, entry: Entry): Buffer {
  const writer = new BerWriter().open(0x30).integer(id).open(answers.entry)
  return writer.raw(encodeEntryBody(entry)).close().close().finish()
}

/** What stands in a search result entry (RFC 4511, 4.5.2). */
export function encodeEntryBody({ dn, attributes }: Entry): Buffer {
  const writer = new BerWriter(256).text(dn).open(0x30)
  for (const [name, values] of attributes) {
    writer.open(0x30).text(name).open(0x31)
    for (const value of values) writer.text(value)
    writer.close().close()
  }
  return writer.close().finish()
}

export function encodeResult(
  id: number,
  tag: number,
  { code, words = '', matchedDn = '' }: Outcome,
  controls: ReplyControls = [],
): Buffer {
  const writer = new BerWriter().open(0x30).integer(id).open(tag)
  writer.integer(code, 0x0a).text(matchedDn).text(words).close()
  if (controls.length > 0) {
    writer.open(0xa0)
    for (const [oid, value] of controls) writer.open(0x30).text(oid).bytes(value).close()
    writer.close()
  }
  return writer.close().finish()
}

/** RFC 4511, 4.12; `value` for "Who am I?" (RFC 4532). */
export function encodeExtended(id: number, outcome: Outcome, name?: string, value?: string) {
  const { code, words = '' } = outcome
  const writer = new BerWriter().open(0x30).integer(id).open(answers.extended)
  writer.integer(code, 0x0a).text('').text(words)
  if (name !== undefined) writer.text(name, 0x8a)
  if (value !== undefined) writer.text(value, 0x8b)
  return writer.close().close().finish()
}

/** The notice of disconnection (RFC 4511, 4.4.1): the last word to who does not speak LDAP. */
export function encodeFarewell(outcome: Outcome): Buffer {
  return encodeExtended(0, outcome, '1.3.6.1.4.1.1466.20036')
}
