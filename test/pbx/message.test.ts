import { describe, expect, test } from 'vitest'
import { AmiGarbled, AmiReader, encodeAction } from '../../src/pbx/ami/message.ts'

const greeting = 'Asterisk Call Manager/11.0.0\r\n'

function read(text: string, size = Infinity): (string | Record<string, string>)[] {
  const reader = new AmiReader()
  const bytes = Buffer.from(text)
  const step = Math.min(size, bytes.length)
  const received: (string | Record<string, string>)[] = []
  for (let at = 0; at < bytes.length; at += step) {
    for (const each of reader.read(bytes.subarray(at, at + step))) {
      received.push(each.kind === 'greeting' ? each.version : Object.fromEntries(each.answer))
    }
  }
  return received
}

describe('what is sent', () => {
  test('is a line for each field, and an empty one', () => {
    expect(encodeAction('Login', '7', { Username: 'peerage' })).toBe(
      'Action: Login\r\nActionID: 7\r\nUsername: peerage\r\n\r\n',
    )
  })

  test.for([
    '501\r\nAction: Command\r\nCommand: core stop now',
    '501\n',
    '\r501',
    '501\0',
    '501\u0085',
    '501\u007f',
    'a'.repeat(1001),
    'ü'.repeat(499),
  ])('never holds more than was meant (%j)', (value) => {
    expect(() => encodeAction('SorceryMemoryCacheExpireObject', '1', { Object: value })).toThrow(
      /field 'Object' of SorceryMemoryCacheExpireObject/,
    )
    expect(() => encodeAction('Ping', value, {})).toThrow(TypeError)
    expect(() => encodeAction('Ping', '1', { [value]: 'x' })).toThrow(TypeError)
  })
})

describe('what comes', () => {
  const text = [
    greeting,
    'Response: Success\r\nActionID: 1\r\nMessage: Grüße: ja\r\n\r\n',
    'Event: FullyBooted\r\nPrivilege: system,all\r\n\r\n',
    'Response: Success\nActionID: 2\nOutput: one\nOutput:  two \nOutput:\n\n',
    '\r\n\r\n',
    'Response: Error\r\nno colon\r\nActionID: 3\r\n\r\n',
  ].join('')
  const meant = [
    '11.0.0',
    { response: 'Success', actionid: '1', message: 'Grüße: ja' },
    { response: 'Success', actionid: '2', output: 'one\n two \n' },
    { response: 'Error', actionid: '3', '': 'no colon' },
  ]

  test.for([1, 2, 3, 7, 64, Infinity])('is the same in pieces of %d bytes', (size) => {
    expect(read(text, size)).toMatchObject(meant)
    expect(read(text, size)).toHaveLength(4)
  })

  test('may hold an event of any length, which is passed over', () => {
    const line = `Variable: ${'x'.repeat(60_000)}\r\n`
    const reader = new AmiReader()
    reader.read(Buffer.from(`${greeting}Event: Huge\r\n`))
    for (let lines = 0; lines < 100; lines++) expect(reader.read(Buffer.from(line))).toEqual([])
    const after = reader.read(Buffer.from('\r\nResponse: Success\r\n\r\n'))
    expect(after).toHaveLength(1)
  })

  test('is not taken when a line or an answer has no end', () => {
    const endless = new AmiReader()
    endless.read(Buffer.from(greeting))
    expect(() => {
      for (let pieces = 0; pieces < 100; pieces++) endless.read(Buffer.alloc(1000, 'x'))
    }).toThrow(AmiGarbled)
    const long = new AmiReader()
    long.read(Buffer.from(`${greeting}Response: Success\r\n`))
    expect(() => {
      for (let lines = 0; lines < 100; lines++) long.read(Buffer.from(`a: ${'x'.repeat(50_000)}\n`))
    }).toThrow(AmiGarbled)
  })

  test.for(['HTTP/1.1 400 Bad Request\r\n', 'SSH-2.0-OpenSSH\r\n', '\r\n', `x${greeting}`])(
    'is not taken from anything but Asterisk (%j)',
    (text) => {
      expect(() => read(text)).toThrow(AmiGarbled)
    },
  )
})
