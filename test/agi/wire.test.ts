import { describe, expect, test } from 'vitest'
import { Lines } from '../../src/answers/agi/lines.ts'
import {
  encodeCommand,
  encodeVariables,
  readEnvironmentLine,
  readReplyLine,
} from '../../src/answers/agi/wire.ts'
import { readMSet } from './channel.ts'

describe(readReplyLine, () => {
  test.each([
    ['200 result=1', 200, '1', null],
    ['200 result=0', 200, '0', null],
    ['200 result=-2', 200, '-2', null],
    ['200 result=1 (bar,baz)', 200, '1', 'bar,baz'],
    ['200 result=1 ("Zoë "Q" (x)" <501>)', 200, '1', '"Zoë "Q" (x)" <501>'],
    ['200 result=1 ()', 200, '1', ''],
    ['200 result= (timeout)', 200, '', 'timeout'],
    ['510 Invalid or unknown command', 510, null, null],
    ['511 Command Not Permitted on a dead channel', 511, null, null],
    ['520 End of proper usage.', 520, null, null],
  ])('%s', (line, code, result, value) => {
    expect(readReplyLine(line)).toEqual({ is: 'reply', reply: { code, result, value } })
  })

  test.each([
    ['HANGUP', 'hangup'],
    ['520-Invalid command syntax.  Proper usage follows:', 'more'],
    ['Sets a variable to the current channel.', 'other'],
    ['', 'other'],
    ['20 result=1', 'other'],
    ['2000 result=1', 'other'],
  ])('%j is no reply', (line, is) => expect(readReplyLine(line)).toEqual({ is }))
})

describe(encodeCommand, () => {
  test.each([
    ['plain', 'SET VARIABLE X plain\n'],
    ['', 'SET VARIABLE X ""\n'],
    ['two words', 'SET VARIABLE X "two words"\n'],
    ['say "hi" \\o/', 'SET VARIABLE X "say \\"hi\\" \\\\o/"\n'],
    ['a\r\nANSWER\u0000\u0085', 'SET VARIABLE X "a  ANSWER  "\n'],
    ['(x) Zoë', 'SET VARIABLE X "(x) Zoë"\n'],
  ])('%j', (value, line) => expect(encodeCommand('SET', 'VARIABLE', 'X', value)).toBe(line))
})

describe(encodeVariables, () => {
  test.each([
    ['Zoë', 'EXEC MSet "X=Zoë,PEERAGE=caller"\n'],
    ['', 'EXEC MSet "X=,PEERAGE=caller"\n'],
    ['Bob (x', 'EXEC MSet "X=Bob \\\\(x,PEERAGE=caller"\n'],
    ['a, b', 'EXEC MSet "X=a\\\\, b,PEERAGE=caller"\n'],
    ['"', 'EXEC MSet "X=\\\\\\",PEERAGE=caller"\n'],
    ['a\r\nANSWER', 'EXEC MSet "X=a  ANSWER,PEERAGE=caller"\n'],
  ])('%j', (value, line) => {
    const variables = [['X', value] as const, ['PEERAGE', 'caller'] as const]
    expect(encodeVariables(variables)).toEqual([line])
  })

  test.each(['a=b=c', '\\', '\\\\"),x=(', '],)[(', 'x\\', "O'Brien & (Sons]"])(
    'what Asterisk reads of %j is the same',
    (value) => {
      const variables = [['CALLERID(name)', value] as const, ['PEERAGE', 'caller'] as const]
      const [line = ''] = encodeVariables(variables)
      expect(readMSet(line.trimEnd())).toEqual(variables)
    },
  )

  test('takes as many commands as needed, none too long, all in order', () => {
    const variables = Array.from({ length: 50 }, (_, at) => [`V${at}`, 'ß,'.repeat(40)] as const)
    const lines = encodeVariables(variables)
    expect(lines.flatMap((line) => readMSet(line.trimEnd()))).toEqual(variables)
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(2048)
    expect(encodeVariables([['LONG', 'x'.repeat(3000)]])).toHaveLength(1)
    expect(encodeVariables([])).toEqual([])
  })
})

test.each([
  ['agi_callerid: 501', ['callerid', '501']],
  ['agi_arg_1: a: b', ['arg_1', 'a: b']],
  ['agi_accountcode: ', ['accountcode', '']],
  ['agi_accountcode:', ['accountcode', '']],
  ['callerid: 501', undefined],
  ['agi_: x', undefined],
])('the environment line %j', (line, pair) => expect(readEnvironmentLine(line)).toEqual(pair))

describe(Lines, () => {
  test('puts letters together that came in two pieces', () => {
    const lines = new Lines(100)
    const bytes = Buffer.from('Zoë\nx')
    expect(lines.add(bytes.subarray(0, 3))).toEqual([])
    expect(lines.add(bytes.subarray(3))).toEqual(['Zoë'])
  })

  test('gives up on a line that is too long', () => {
    expect(new Lines(10).add(Buffer.from('12345678901'))).toBeNull()
    expect(new Lines(10).add(Buffer.from('12345678901\n'))).toBeNull()
  })
})
