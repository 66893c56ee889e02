import type { Contact } from './contact.ts'
import { transliterate } from './search/latin.ts'

/** What a phone can take. Absent: no limit that anybody documented. */
export interface Limits {
  /** Models by their name in the User-Agent; absent: every model. */
  readonly models?: RegExp
  readonly entries?: number
  /** Of the whole document. */
  readonly bytes?: number
  readonly nameCharacters?: number
  /** In UTF-8. */
  readonly nameBytes?: number
  readonly numbers?: number
  /** `latin`: the phone has no Greek, Cyrillic or Chinese. `ascii`: no umlauts either. */
  readonly characters?: 'latin' | 'ascii'
}

/** What was left out of a document for the phone's sake. */
export interface Cut {
  readonly entries: number
  readonly numbers: number
  readonly names: number
}

export const nothingCut: Cut = { entries: 0, numbers: 0, names: 0 }

/** The limits of a model; those without `models` are for all the others. */
export function limitsOf(limits: readonly Limits[], model: string | null): Limits {
  return (
    limits.find(({ models }) => models === undefined || (model !== null && models.test(model))) ??
    {}
  )
}

/** All of them at once. */
export function tightest(...all: readonly Limits[]): Limits {
  const least = (of: (limits: Limits) => number | undefined) =>
    Math.min(...all.map((each) => of(each) ?? Number.POSITIVE_INFINITY))
  const characters = (['ascii', 'latin'] as const).find((few) =>
    all.some((each) => each.characters === few),
  )
  return {
    entries: least(({ entries }) => entries),
    bytes: least(({ bytes }) => bytes),
    nameCharacters: least(({ nameCharacters }) => nameCharacters),
    nameBytes: least(({ nameBytes }) => nameBytes),
    numbers: least(({ numbers }) => numbers),
    ...(characters && { characters }),
  }
}

/** Applies limits and counts what they cost. One for each document. */
export class Trimmer {
  readonly #limits: Limits
  #entries = 0
  #numbers = 0
  #names = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get cut(): Cut {
    return { entries: this.#entries, numbers: this.#numbers, names: this.#names }
  }

  /** As many as the phone takes of the `count` that there are. */
  *contacts(all: Iterable<Contact>, count: number): Generator<Contact> {
    const { entries = Number.POSITIVE_INFINITY } = this.#limits
    this.#entries += Math.max(0, count - entries)
    let left = entries
    for (const contact of all) {
      if (left-- <= 0) return
      yield this.#contact(contact)
    }
  }

  text(text: string, latin: string | null = null): string {
    const shown = inCharacters(text, latin, this.#limits.characters)
    const short = shorten(shown, this.#limits)
    if (short !== shown) this.#names++
    return short
  }

  #contact(contact: Contact): Contact {
    const { numbers: most = Number.POSITIVE_INFINITY } = this.#limits
    const { numbers } = contact
    if (numbers.length <= most) return contact
    this.#numbers += numbers.length - most
    return { ...contact, numbers: fewest(numbers, most) }
  }
}

/** Rather one number of each kind than two of one; the first is always kept. */
function fewest(numbers: Contact['numbers'], most: number): Contact['numbers'] {
  const firsts = new Map(numbers.toReversed().map((number) => [number.kind, number]))
  const wanted = new Set(numbers.filter((number) => firsts.get(number.kind) === number))
  const kept = new Set([...wanted, ...numbers].slice(0, Math.max(1, most)))
  const [first, ...more] = numbers
  return [first, ...more.filter((number) => kept.has(number))]
}

function inCharacters(
  text: string,
  latin: string | null,
  characters: Limits['characters'],
): string {
  if (characters === undefined) return text
  const plain = characters === 'latin' ? beyondLatin1 : beyondAscii
  if (!plain.test(text)) return text
  // Only what cannot be shown is written in another way: a Müller stays one on a phone with umlauts.
  const base = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(
    text,
  )
    ? (latin ?? text)
    : text
  return Array.from(base.normalize('NFC'), (sign) => {
    if (!plain.test(sign)) return sign
    const written = replacements[sign] ?? transliterate(sign) ?? '?'
    const bare = written.normalize('NFD').replaceAll(/\p{Mn}/gu, '')
    return plain.test(bare) ? '?' : bare
  }).join('')
}

// oxlint-disable-next-line no-control-regex
const beyondAscii = /[^\0-\x7f]/u
// oxlint-disable-next-line no-control-regex
const beyondLatin1 = /[^\0-\xff]/u

const replacements: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  ø: 'oe',
  Ø: 'Oe',
  å: 'aa',
  Å: 'Aa',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
  œ: 'oe',
  Œ: 'Oe',
  ħ: 'h',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
}

/** Cuts between characters as people see them, so never through an accent or a half of a pair. */
function shorten(text: string, { nameCharacters, nameBytes }: Limits): string {
  const mostCharacters = nameCharacters ?? Number.POSITIVE_INFINITY
  const mostBytes = nameBytes ?? Number.POSITIVE_INFINITY
  if (text.length <= mostCharacters && text.length * 3 <= mostBytes) return text
  let kept = ''
  let characters = 0
  let bytes = 0
  for (const { segment } of segmenter.segment(text)) {
    characters += segment.length
    bytes += Buffer.byteLength(segment)
    if (characters > mostCharacters || bytes > mostBytes) return kept.trimEnd()
    kept += segment
  }
  return kept
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
