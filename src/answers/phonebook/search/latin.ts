import type { Person } from '../../../person/person.ts'

/**
 * The name in Latin letters, for phones that have no others: Greek and Cyrillic by table; of what
 * has no table (王) the Latin name that the directory has elsewhere, or the login name. Null when
 * the shown name is Latin as it stands.
 */
export function latinName(shown: string, person: Person, lastFirst: boolean): string | null {
  if (isLatin(shown)) return null
  const byTable = transliterate(shown)
  if (byTable !== null) return byTable
  if (isLatin(person.name)) return person.name
  const login = person.user ?? person.email?.replace(/@.*/s, '') ?? ''
  const words = login.split(/[^\p{Script=Latin}]+/u).filter((word) => word !== '')
  if (words.length === 0) return null
  const capital = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return (lastFirst ? [...capital.slice(1), ...capital.slice(0, 1)] : capital).join(' ')
}

/** Null when a letter has no place in the tables. */
export function transliterate(text: string): string | null {
  let latin = ''
  for (const letter of text.normalize('NFC')) {
    const plain = letter.normalize('NFD').replaceAll(/\p{Mn}/gu, '')
    const lower = letter.toLowerCase()
    const found = table.get(lower) ?? table.get(plain.toLowerCase())
    if (found === undefined) {
      if (!isLatin(letter)) return null
      latin += letter
    } else {
      latin += lower === letter ? found : found.slice(0, 1).toUpperCase() + found.slice(1)
    }
  }
  return latin
}

/** Only Latin letters among the letters. */
export function isLatin(text: string): boolean {
  return !foreign.test(text)
}

const foreign = /(?!\p{Script=Latin})\p{L}/u

/** ISO 9 and ELOT 743 as passports simplify them; Ukrainian letters as in Ukraine. */
const table = new Map([
  ...pairs(
    'абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґў',
    'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g u',
  ),
  ['ё', 'yo'],
  ...pairs('αβγδεζηθικλμνξοπρσςτυφχψω', 'a v g d e z i th i k l m n x o p r s s t y f ch ps o'),
])

function pairs(letters: string, latin: string): [string, string][] {
  const parts = latin.split(' ')
  return Array.from(letters, (letter, at) => [letter, (parts[at] ?? '').replace('_', '')])
}
