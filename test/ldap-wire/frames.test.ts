import { expect, test } from 'vitest'
import { Frames, ProtocolBroken } from '../../src/ldap-wire/frames.ts'

function message(length: number): Buffer {
  const body = Buffer.alloc(length, 0x61)
  const header = length < 0x80 ? [0x30, length] : [0x30, 0x84, 0, 0, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), body])
}

const messages = [message(3), message(0x7f), message(0), message(5000), message(200)]
const stream = Buffer.concat(messages)

test.each([1, 2, 3, 7, 100, 4096, stream.length])(
  'messages come whole from chunks of %i bytes',
  (size) => {
    const frames = new Frames()
    const found: Buffer[] = []
    for (let at = 0; at < stream.length; at += size) {
      found.push(...frames.push(stream.subarray(at, at + size)))
    }
    expect(found).toEqual(messages)
    expect(frames.pendingBytes).toBe(0)
  },
)

test('the bytes of a message that has begun are known', () => {
  const frames = new Frames()
  expect(frames.push(Buffer.concat([message(3), message(10).subarray(0, 4)]))).toEqual([message(3)])
  expect(frames.pendingBytes).toBe(4)
})

test.each([
  ['something else', 'HTTP/1.1 200 OK'],
  ['an indefinite length', Buffer.from([0x30, 0x80, 0, 0])],
  ['a length of nine bytes', Buffer.from([0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1])],
  ['a gigabyte', Buffer.from([0x30, 0x84, 0x40, 0, 0, 0])],
])('%s breaks the stream', (_what, bytes) => {
  expect(() => new Frames().push(Buffer.from(bytes))).toThrow(ProtocolBroken)
})
