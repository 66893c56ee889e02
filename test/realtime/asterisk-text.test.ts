import { describe, expect, test } from 'vitest'
import { languageText, nameText, wordText } from '../../src/answers/realtime/asterisk-text.ts'
import { cutToBytes } from '../../src/person/text.ts'

describe(nameText, () => {
  test.each([
    ['Zoë "Z" <Müller>', "Zoë 'Z' Müller"],
    ['a\\b\r\nX-Evil: 1', 'a b X-Evil: 1'],
    ['${SHELL(id)}', '{SHELL(id)}'],
    ['$${X} $[1+1]', '{X} [1+1]'],
    ['Ke$ha', 'Ke$ha'],
    ['Müller, Zoë', 'Müller, Zoë'],
  ])('%j is %j', (name, expected) => expect(nameText(name)).toBe(expected))

  test('is never longer than the 79 bytes that Asterisk holds, and whole at its end', () => {
    const name = nameText('ä'.repeat(60))
    expect(name).toBe('ä'.repeat(39))
    expect(nameText('x'.repeat(200))).toHaveLength(79)
  })
})

test('a word holds nothing that separates arguments', () => {
  expect(wordText('Müller, Zoë | a;b & c=d ^x')).toBe('Müller Zoë a b c d x')
})

describe(languageText, () => {
  test.each([
    ['de', 'de'],
    ['de-DE, en;q=0.5', 'de_DE'],
    ['en_GB', 'en_GB'],
    ['../../etc', ''],
    ['de/../x', ''],
    ['german', ''],
    [undefined, ''],
  ])('%j is %j', (language, expected) => expect(languageText(language)).toBe(expected))
})

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc'],
  ['aä', 2, 'a'],
  ['a😀', 4, 'a'],
  ['😀😀', 4, '😀'],
  ['', 0, ''],
])('%j in %i bytes is %j', (text, bytes, expected) => {
  expect(cutToBytes(text, bytes)).toBe(expected)
})
