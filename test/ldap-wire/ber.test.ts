import { BerReader as TheirReader } from 'ldapts'
import { describe, expect, test } from 'vitest'
import { BerReader } from '../../src/ldap-wire/ber-reader.ts'
import { BerWriter } from '../../src/ldap-wire/ber-writer.ts'
import { ProtocolBroken } from '../../src/ldap-wire/frames.ts'

const long = 'ä'.repeat(5000)
const written = new BerWriter()
  .open(0x30)
  .integer(-1)
  .integer(128)
  .integer(2_147_483_647)
  .boolean(true)
  .open(0xa0)
  .text('Müller', 0x80)
  .close()
  .text(long)
  .bytes(Buffer.of(0, 255))
  .close()
  .finish()

test('what is written is read again', () => {
  const reader = new BerReader(written).inside(0x30)
  expect([reader.integer(), reader.integer(), reader.integer()]).toEqual([-1, 128, 2_147_483_647])
  expect(reader.boolean()).toBe(true)
  const inner = reader.inside(0xa0)
  expect(inner.text(0x80)).toBe('Müller')
  expect([inner.isAtEnd, inner.peek()]).toEqual([true, undefined])
  expect(reader.text()).toBe(long)
  expect([...reader.bytes()]).toEqual([0, 255])
  expect(reader.isAtEnd).toBe(true)
})

test('what is written is read by another library', () => {
  const reader = new TheirReader(written)
  reader.readSequence(0x30)
  expect([reader.readInt(), reader.readInt(), reader.readInt()]).toEqual([-1, 128, 2_147_483_647])
  expect(reader.readBoolean()).toBe(true)
  reader.readSequence(0xa0)
  expect(reader.readString(0x80)).toBe('Müller')
  expect(reader.readString()).toBe(long)
})

describe('refused', () => {
  test.each([
    ['an element beyond the one that it is in', '3003040561'],
    ['a length beyond the bytes', '0484ffffffff61'],
    ['a length of five bytes', '04850000000001'],
    ['an endless length', '0480'],
    ['a length that is cut', '048201'],
    ['another tag', '0201'],
    ['nothing', ''],
  ])('%s', (_, hex) => {
    const reader = new BerReader(Buffer.from(hex, 'hex'))
    expect(() => (reader.peek() === 0x30 ? reader.inside(0x30).text() : reader.text())).toThrow(
      ProtocolBroken,
    )
  })

  test.each(['0200', '02050000000001', '0100', '01020101'])(
    'a value of a wrong size: %s',
    (hex) => {
      const reader = new BerReader(Buffer.from(hex, 'hex'))
      expect(() => (reader.peek() === 1 ? reader.boolean() : reader.integer())).toThrow(
        ProtocolBroken,
      )
    },
  )
})
