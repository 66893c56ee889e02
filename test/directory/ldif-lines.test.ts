import { expect, test } from 'vitest'
import { LineReader } from '../../src/directory/ldif/lines.ts'

function linesOf(text: string, chunkSize = text.length): [number, string][] {
  const reader = new LineReader()
  const bytes = Buffer.from(text)
  const lines: [number, string][] = []
  for (let at = 0; at < bytes.length; at += Math.max(chunkSize, 1)) {
    for (const line of reader.push(bytes.subarray(at, at + chunkSize))) {
      lines.push([line.number, line.bytes.toString()])
    }
  }
  for (const line of reader.end()) lines.push([line.number, line.bytes.toString()])
  return lines
}

const text = 'dn: cn=A\r\n da\n# a remark\n  that goes on\ncn: Ada\n\nsn:\n  x\n'

test.each([1, 2, 5, 1000])(
  'folded lines are joined and remarks left out, in chunks of %i',
  (size) => {
    expect(linesOf(text, size)).toEqual([
      [1, 'dn: cn=Ada'],
      [5, 'cn: Ada'],
      [6, ''],
      [7, 'sn: x'],
    ])
  },
)

test('a file without a last line break is known', () => {
  const reader = new LineReader()
  expect([...reader.push(Buffer.from('cn: Ada\nsn: Love'))]).toHaveLength(0)
  expect(reader.endsInLineBreak).toBe(false)
  expect([...reader.push(Buffer.from('lace\n'))]).toHaveLength(1)
  expect(reader.endsInLineBreak).toBe(true)
})
