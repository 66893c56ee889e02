import { transliterate } from './latin.ts'

/**
 * Text as it is searched: lower case, no accents, no punctuation, words apart by one space. Letters
 * of every script stay; `latin.ts` adds how they are written in Latin ones.
 */
export function fold(text: string): string {
  if (plain.test(text)) return text
  if (ascii.test(text)) return text.toLowerCase().replaceAll(asciiSeparators, ' ').trim()
  return text
    .normalize('NFKD')
    .replaceAll(marks, '')
    .toLowerCase()
    .replaceAll(/[øłđðıßæœþħ]/g, (letter) => single[letter] ?? letter)
    .replaceAll(separators, ' ')
    .trim()
}

/**
 * The ways in which somebody may type or write it: without accents (`muller`), by the German and
 * Nordic habit (`mueller`), and in Latin letters (`tkachenko`). The first is always `fold(text)`.
 */
export function spellings(text: string): readonly string[] {
  const folded = fold(text)
  if (ascii.test(text)) return [folded]
  const expanded = fold(
    text.normalize('NFC').replaceAll(/[äöüåøæÄÖÜÅØÆ]/g, (letter) => habit(letter)),
  )
  const latin = fold(transliterate(text) ?? text)
  return [...new Set([folded, expanded, latin])]
}

function habit(letter: string): string {
  return { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe', æ: 'ae' }[letter.toLowerCase()] ?? letter
}

const plain = /^[a-z0-9]+(?: [a-z0-9]+)*$/
/** Most names need none of what follows. */
const ascii = /^[\0-\x7f]*$/
const asciiSeparators = /[^a-z0-9]+/g
const marks = /\p{Mn}+/gu
const separators = /[^\p{L}\p{N}]+/gu

/** Letters that do not come apart under NFKD. */
const single: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ħ: 'h',
}
