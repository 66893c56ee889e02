import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wordingOf } from '../../src/answers/page/wording.ts'
import { words, type Language } from '../../src/answers/page/words.ts'
import { detailFields } from '../../src/person/person.ts'
import { guardKinds } from '../../src/sync/guard.ts'

const views = fileURLToPath(new URL('../../src/answers/page/views/', import.meta.url))
const at = Date.UTC(2026, 1, 3, 13, 5)
const speak = (language: Language) => wordingOf(language, words[language], at)

test('every word that a view asks for is there', () => {
  for (const name of readdirSync(views)) {
    const text = readFileSync(join(views, name), 'utf8')
    const asked = Array.from(text.matchAll(/\bw(?:\.(\w+)|\['([\w-]+)'\])/g), (m) => m[1] ?? m[2])
    expect([name, asked.filter((key) => !(String(key) in words.de))]).toEqual([name, []])
  }
})

test('both languages say everything, and end their sentences alike', () => {
  expect(Object.keys(words.de).sort()).toEqual(Object.keys(words.en).sort())
  const endOf = (text: string) => /[.:?…]$/.exec(text)?.[0] ?? ''
  const unlike = Object.entries(words.en).filter(([key, text]) => {
    const german = words.de[key as keyof typeof words.de] // of the same keys, as was just seen
    return german === '' || endOf(german) !== endOf(text)
  })
  expect(unlike).toEqual([])
})

test('German addresses people formally', () => {
  const familiar = Object.values(words.de).filter((text) =>
    /\b(?:du|dich|dir|dein\w*|euch|euer\w*)\b/i.test(text),
  )
  expect(familiar).toEqual([])
})

test('numbers, times and spans are written as in the language', () => {
  const [en, de] = [speak('en'), speak('de')]
  expect([en.count(12345), de.count(12345)]).toEqual(['12,345', '12.345'])
  expect(de.time(at)).toMatch(/^03\.02\.2026, \d\d:05$/)
  expect([en.took(1234), de.took(1234)]).toEqual(['1.234 s', '1,234 s'])
  expect([en.span(0.0025), de.span(0.0025), de.span(0.00025)]).toEqual([
    '2.5 ms',
    '2,5 ms',
    '250 µs',
  ])
  expect([de.ago(at - 86_400_000), de.ago(at - 120_000)]).toEqual(['gestern', 'vor 2 Minuten'])
  expect([de.ago(null), de.span(null)]).toEqual(['nie', '–'])
})

test('one is counted as one, and none as many', () => {
  const [en, de] = [speak('en'), speak('de')]
  expect([0, 1, 2].map((count) => de.counted(count, 'contact'))).toEqual([
    '0 Kontakte',
    '1 Kontakt',
    '2 Kontakte',
  ])
  expect([en.counted(1, 'digit'), en.counted(1500, 'byte')]).toEqual(['1 digit', '1,500 bytes'])
  expect(de.noun(1, 'conflict')).toBe('Konflikt')
})

test('fields, reasons and kinds have words, and what is unknown is told as it came', () => {
  const de = speak('de')
  for (const field of detailFields) expect(de.field(field), field).not.toBe(field)
  for (const kind of guardKinds) expect(de.excess(kind), kind).not.toBe(kind)
  expect([de.reason('delta'), de.numberKind('work')]).toEqual([
    'gemeldete Änderung einzelner Personen',
    'Büro',
  ])
  expect(de.value('disabled', 'expired')).toBe('Konto im Verzeichnis abgelaufen')
  expect([de.value('hidden', true), de.value('aliases', ['a', 'b'])]).toEqual(['ja', 'a, b'])
  expect([de.field('newcomer'), de.disabled('otherwise')]).toEqual(['newcomer', 'otherwise'])
})
