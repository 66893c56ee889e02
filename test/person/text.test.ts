import { expect, test } from 'vitest'
import { isGroupName, isMailAddress } from '../../src/person/dialable.ts'
import { cleanText, hasControlCharacters } from '../../src/person/text.ts'

test.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['  Ada \t Lovelace ', 'Ada Lovelace'],
  ['Am Markt 1\r\nHinterhaus', 'Am Markt 1 Hinterhaus'],
  ['Ada\u00a0\u2009King', 'Ada King'],
  ['A\u0000d\u0007a', 'Ada'],
  ['\u202eadA\u202c', 'adA'],
  ['Jose\u0301', 'José'],
  ['لا\u200cفارسی', 'لا\u200cفارسی'],
  ['👩\u200d💻', '👩\u200d💻'],
  ['\ud800x', 'x'],
  ['   ', ''],
  ['', ''],
])('%j is cleaned to %j', (raw, text) => {
  expect(cleanText(raw, 100)).toEqual({ text, isCut: false })
})

test('what is too long is cut between characters', () => {
  expect(cleanText('abcdef', 3)).toEqual({ text: 'abc', isCut: true })
  expect(cleanText('ab😀', 3)).toEqual({ text: 'ab', isCut: true })
  expect(cleanText('ab cd', 3)).toEqual({ text: 'ab', isCut: true })
})

test('a plain value stays the very string that it was', () => {
  const raw = 'Müller-Lüdenscheidt, Łódź'
  expect(cleanText(raw, 100).text).toBe(raw)
})

test('control characters are told', () => {
  expect(['a\r', 'a\u0085', 'a\u2028', '\u0000'].every(hasControlCharacters)).toBe(true)
  expect(['', 'a b', 'Łódź', '👩\u200d💻'].some(hasControlCharacters)).toBe(false)
})

test.each(['ada@example.org', "o'brien@example.org", 'a+b@sub.example.org', 'józef@przykład.pl'])(
  '%s is a mail address',
  (text) => {
    expect(isMailAddress(text)).toBe(true)
  },
)

test.each(['', 'ada', 'a@', '@b', 'a@b@c', 'a b@c', 'a@b>', '"a"@b', 'a@b,c@d', 'a${x}@b', 'a@-'])(
  '%j is no mail address',
  (text) => {
    expect(isMailAddress(text)).toBe(false)
  },
)

test('call groups are numbers or plain names', () => {
  expect(['0', '63', 'sales', 'a_b-c'].every(isGroupName)).toBe(true)
  expect(['', 'a,b', 'a b', '-1', '${x}'].some(isGroupName)).toBe(false)
})
