import { once } from 'node:events'
import { connect } from 'node:net'
import { Client } from 'ldapts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMessage } from '../../src/answers/ldap/request.ts'
import { BerWriter } from '../../src/ldap-wire/ber-writer.ts'
import { ProtocolBroken } from '../../src/ldap-wire/frames.ts'
import { named } from '../phonebook/office.ts'
import { openFace, type TestFace } from './open-face.ts'

const ina = named('501', 'Ina', 'Berg')

let face: TestFace
beforeAll(async () => {
  face = await openFace([ina])
})
afterAll(() => face[Symbol.asyncDispose]())

/** Everything that a phone may send in one request. */
function search(filter: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter().open(0x30).integer(300).open(0x63)
  writer.text('ou=staff,dc=peerage').integer(2, 0x0a).integer(0, 0x0a).integer(50).integer(0)
  filter(writer.boolean(false))
  writer.open(0x30).text('cn').text('telephoneNumber').close().close()
  writer.open(0xa0).open(0x30).text('1.2.840.113556.1.4.319').boolean(false)
  writer.bytes(new BerWriter().open(0x30).integer(10).text('').close().finish())
  return writer.close().close().close().finish()
}

const ordinary = search((writer) => {
  writer.open(0xa0).open(0xa1)
  writer
    .open(0xa4)
    .text('cn')
    .open(0x30)
    .text('be', 0x80)
    .text('r', 0x81)
    .text('g', 0x82)
    .close()
    .close()
  writer.open(0xa3).text('sn').text('Berg').close().close()
  writer.open(0xa2).open(0xa5).text('mobile').text('9').close().close()
  writer.open(0xa9).text('caseIgnoreMatch', 0x81).text('cn', 0x82).text('x', 0x83).close().close()
})

describe('a message', () => {
  test('is understood when it is whole', () => {
    expect(readMessage(ordinary)).toMatchObject({
      id: 300,
      request: { kind: 'search', sizeLimit: 50 },
    })
  })

  test('that is cut at any byte is refused, and nothing worse', () => {
    for (let length = 0; length < ordinary.length; length++) {
      expect(() => readMessage(ordinary.subarray(0, length))).toThrow(ProtocolBroken)
    }
  })

  test('that has any byte wrong is understood or refused, and nothing worse', () => {
    let refused = 0
    for (let at = 0; at < ordinary.length; at++) {
      for (const value of [0, 1, 0x30, 0x7f, 0x80, 0x84, 0xa0, 0xff]) {
        const broken = Buffer.from(ordinary)
        broken[at] = value
        try {
          readMessage(broken)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolBroken)
          refused++
        }
      }
    }
    expect(refused).toBeGreaterThan(500)
  })

  test('of chance bytes is refused', () => {
    let state = 12_345
    const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648)
    for (let round = 0; round < 5000; round++) {
      const bytes = Buffer.from(Array.from({ length: 2 + (next() % 60) }, () => next() >> 8))
      bytes[0] = 0x30
      expect(() => readMessage(bytes)).toThrow(ProtocolBroken)
    }
  })
})

describe('a connection', () => {
  test('stays silent and open after every possible beginning of a request', async () => {
    const lengths = Array.from({ length: ordinary.length }, (_, length) => length)
    const ends = await Promise.all(
      lengths.map((length) => face.send(ordinary.subarray(0, length), 300)),
    )
    expect(ends.filter(({ bytes }) => bytes.length > 0)).toEqual([])
    expect(await names()).toEqual(['Berg Ina'])
  })

  test('may get its request byte by byte', async () => {
    const socket = connect(face.port, '127.0.0.1')
    await once(socket, 'connect')
    for (const byte of ordinary) socket.write(Buffer.of(byte))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer[0]).toBe(0x30)
    socket.destroy()
  })

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a TLS handshake', Buffer.from('16030100a5010000a10303', 'hex')],
    ['a gigabyte', Buffer.from('3084400000000201', 'hex')],
    ['an endless length', Buffer.from('3080020101', 'hex')],
    ['a message without a number', Buffer.from('30020000', 'hex')],
    ['message 0', Buffer.from('30050201004200', 'hex')],
    ['an unknown operation', Buffer.from('30050201017f00', 'hex')],
    ['a filter of no kind', search((writer) => writer.text('cn', 0x8f))],
    [
      'a paging control that is none',
      Buffer.from(
        ordinary.toString('latin1').replace('\x02\x01\x0a\x04', '\x04\x01\x0a\x04'),
        'latin1',
      ),
    ],
    ['a hundred requests at once', Buffer.concat(Array.from({ length: 100 }, () => ordinary))],
  ])('is told and closed for %s', async (_, bytes) => {
    const end = await face.send(bytes)
    expect(end.isClosed).toBe(true)
    expect(end.bytes.includes('1.3.6.1.4.1.1466.20036')).toBe(true)
    expect(await names()).toEqual(['Berg Ina'])
  })

  test.each([
    ['deeper', (writer: BerWriter) => nest(writer, 5000)],
    ['longer', (writer: BerWriter) => row(writer, 3000)],
  ])('a filter %s than any phone asks is refused, and the next is answered', async (_, filter) => {
    const bytes = await face.converse(Buffer.concat([search(filter), ordinary]))
    expect(bytes.includes('the filter is too long')).toBe(true)
    expect(bytes.includes('the token of a phone is wanted')).toBe(true)
    expect(await names()).toEqual(['Berg Ina'])
  })

  test('that is silent too long is closed', async () => {
    await using brief = await openFace([ina], { ldap: { idleMs: 1000 } })
    expect((await brief.send(Buffer.alloc(0))).isClosed).toBe(true)
  })

  test('makes room for another when there are too many: the one that was silent longest', async () => {
    let time = 1_700_000_000_000
    await using small = await openFace([ina], { ldap: { connections: 2 }, now: () => time++ })
    const first = small.send(Buffer.alloc(0))
    await small.send(Buffer.alloc(0), 50)
    await Promise.all([small.send(Buffer.alloc(0), 200), small.send(Buffer.alloc(0), 200)])
    expect((await first).isClosed).toBe(true)
  })
})

async function names() {
  const client = new Client({ url: face.url })
  await client.bind('', face.office.token)
  const { searchEntries } = await client.search('dc=peerage', { filter: '(sn=Berg)' })
  await client.unbind()
  return searchEntries.map(({ cn }) => cn)
}

function nest(writer: BerWriter, depth: number): void {
  for (let count = 0; count < depth; count++) writer.open(0xa2)
  writer.text('cn', 0x87)
  for (let count = 0; count < depth; count++) writer.close()
}

function row(writer: BerWriter, count: number): void {
  writer.open(0xa1)
  for (let each = 0; each < count; each++) writer.text('cn', 0x87)
  writer.close()
}
