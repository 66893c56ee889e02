import { BerWriter } from 'ldapts'
import { expect, test } from 'vitest'
import { ProtocolBroken } from '../../src/ldap-wire/frames.ts'
import { decodeReply } from '../../src/directory/ldap/reply.ts'
import { WireEntry } from '../../src/directory/ldap/wire-entry.ts'

const name = 'uid=ada,dc=example,dc=org'
const long = 'x'.repeat(70_000)

/** Name and attributes as a server writes them. */
function written(attributes: readonly (readonly [string, readonly string[]])[]): Buffer {
  const writer = new BerWriter()
  writer.writeString(name)
  writer.startSequence()
  for (const [type, values] of attributes) {
    writer.startSequence()
    writer.writeString(type)
    writer.startSequence(0x31)
    for (const value of values) writer.writeString(value)
    writer.endSequence()
    writer.endSequence()
  }
  writer.endSequence()
  return writer.buffer
}

const bytes = written([
  ['cn', ['Ada', 'Ada Lovelace, née Byron']],
  ['mail', []],
  ['__proto__', ['harmless']],
  ['description', [long, '']],
])

test('an entry has its name, and its attributes in their order', () => {
  const entry = new WireEntry(bytes)
  expect(entry.dn).toBe(name)
  expect(entry.attributes.map(({ type, values }) => [type, values.map(String)])).toEqual([
    ['cn', ['Ada', 'Ada Lovelace, née Byron']],
    ['mail', []],
    ['__proto__', ['harmless']],
    ['description', [long, '']],
  ])
})

test('an entry that is cut anywhere is broken, and nothing beyond it is read', () => {
  const short = written([['cn', ['Ada', 'Countess']]])
  for (let length = 0; length < short.length; length += 1) {
    const whole = Buffer.from(short)
    expect(() => new WireEntry(whole.subarray(0, length)).attributes).toThrow(ProtocolBroken)
  }
})

test('an entry of which any length or tag is wrong is broken or another one, and never endless', () => {
  const short = written([['cn', ['Ada', 'Countess']]])
  const print = new WireEntry(short).print()
  for (let at = 0; at < short.length; at += 1) {
    for (const byte of [0x00, 0x30, 0x7f, 0x80, 0x84, 0xff]) {
      if (short[at] === byte) continue
      const bad = Buffer.from(short)
      bad[at] = byte
      const entry = new WireEntry(bad)
      expect(entry.print()).not.toBe(print)
      try {
        expect(entry.attributes.length).toBeLessThan(short.length)
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolBroken)
      }
    }
  }
})

test.each([
  ['no message id', '300464023000'],
  ['a message id of nine bytes', '300f0209010101010101010101640230'],
  ['an entry longer than its message', '3007020101640a0400'],
])('a message with %s is broken', (_what, hex) => {
  expect(() => decodeReply(Buffer.from(hex, 'hex'))).toThrow(ProtocolBroken)
})
