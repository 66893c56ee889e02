import type { Contact } from '../contact.ts'
import { fold, spellings } from './fold.ts'
import { keyMark, keysOf, keysTyped } from './number-keys.ts'

/**
 * Everything by which a contact is found, as one text in which a space stands before and after
 * every word; `needles` makes what is looked for in it.
 */
export function haystackOf(contact: Contact): string {
  const { name, shown, first, last, latin, numbers, department, company, title, email, location } =
    contact
  const words = new Set<string>()
  for (const text of [
    name,
    shown,
    first,
    last,
    latin ?? '',
    department,
    title,
    location,
    company,
  ]) {
    if (text !== '') for (const spelling of spellings(text)) words.add(spelling)
  }
  if (email !== '') words.add(fold(email.replace(/@.*/s, '')))
  const keys = new Set<string>()
  for (const spelled of new Set([
    ...spellings(first),
    ...spellings(last),
    ...spellings(latin ?? ''),
  ])) {
    for (const word of spelled.split(' ')) keys.add(keysOf(word))
  }
  keys.delete(keyMark)
  const digits = new Set<string>()
  for (const { dial, e164 } of numbers) {
    digits.add(dial)
    if (e164 !== null) digits.add(e164.slice(1))
  }
  return ['', ...words, ...digits, ...keys, ''].join(' ')
}

/**
 * What somebody typed, as words that must all be found; of each word any one form is enough.
 * Digits may be a part of a number or, from its beginning on, a name typed on the number keys.
 */
export function needles(term: string): readonly (readonly string[])[] {
  const number = /^[+\d][\d\s/().-]*$/.test(term) ? term.replaceAll(/\D/g, '') : null
  const words = number === null ? wordsOf(term) : number === '' ? [] : [[number]]
  return words.map((forms) => {
    const all = new Set(forms)
    for (const form of forms) {
      const keys = keysTyped(form)
      if (keys !== null) all.add(keys)
      if (/^00\d{3,}$/.test(form)) all.add(form.slice(2))
    }
    return [...all]
  })
}

/** `Mül` is typed for Müller and for Mueller: each spelling of each word. */
function wordsOf(term: string): string[][] {
  return term
    .split(/\s+/)
    .slice(0, 8)
    .flatMap((word) => {
      const forms = spellings(word)
      const [first = ''] = forms
      // `O'Brien` comes apart into words that must be there all.
      return first.includes(' ')
        ? first.split(' ').map((part) => [part])
        : [forms.filter((form) => form !== '')]
    })
    .filter((forms) => forms.length > 0)
    .slice(0, 8)
}
