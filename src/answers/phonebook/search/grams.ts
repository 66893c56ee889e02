import { inAll, inAny, type Places } from './places.ts'
import type { Turn } from '../../../turns.ts'

/**
 * Which texts hold which three signs: whoever looks for `mueller` need only look at those that have
 * all threes of it. The first two may be a space and the beginning of a word. Characters above ASCII
 * are kept singly besides, since a name may be one of them; what is shorter is looked for everywhere.
 * Numbers are all made of the same few threes, so of a number that ends (a space follows) the last
 * four figures are kept as well.
 */
export class Grams {
  readonly #texts: readonly string[]
  readonly #lists = new Map<number, List>()

  private constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  static async build(texts: readonly string[], turn: Turn): Promise<Grams> {
    const grams = new Grams(texts)
    for (const [at, text] of texts.entries()) {
      grams.#note(text, at)
      if (at % 16 === 0) await turn()
    }
    return grams
  }

  /** At least the places of all texts with one of the needles, in order; null: any text may do. */
  candidates(needles: readonly string[]): Places | null {
    const found: Places[] = []
    for (const needle of needles) {
      const places = this.#placesOf(needle)
      if (places === null) return null
      found.push(places)
    }
    return inAny(found)
  }

  has(at: number, needle: string): boolean {
    return this.#texts[at]?.includes(needle) ?? false
  }

  #placesOf(needle: string): Places | null {
    const lists: Places[] = []
    for (const gram of new Set(gramsOf(needle))) {
      const list = this.#lists.get(gram)
      if (!list) return new Uint32Array()
      lists.push(list.values.subarray(0, list.count))
    }
    return lists.length === 0 ? null : inAll(lists, this.#texts.length)
  }

  #note(text: string, at: number): void {
    for (const gram of gramsOf(text)) {
      const list = this.#lists.get(gram)
      if (!list) this.#lists.set(gram, { values: Uint32Array.of(at, 0), count: 1 })
      else if (list.values[list.count - 1] !== at) append(list, at)
    }
  }
}

interface List {
  values: Places
  count: number
}

function append(list: List, at: number): void {
  if (list.count === list.values.length) {
    const longer = new Uint32Array(Math.ceil(list.count * 1.6))
    longer.set(list.values)
    list.values = longer
  }
  list.values[list.count++] = at
}

/** Numbers for what a text is found by; that two of them are the same costs only time. */
function* gramsOf(text: string): Generator<number> {
  let first = 0
  let second = 0
  let figures = 0
  let ending = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 127) yield -code
    if (code !== space) {
      if (second === space) yield second * 128 + code
      else if (first !== 0) yield (first * 128 + second) * 128 + code
    } else if (figures >= 4) {
      yield endings + ending
    }
    const figure = code - zero
    const isFigure = figure >= 0 && figure <= 9
    figures = isFigure ? figures + 1 : 0
    ending = isFigure ? (ending * 10 + figure) % 10_000 : 0
    first = second
    second = code
  }
}

const space = 32
const zero = 48
/** Beyond what three signs give. */
const endings = 128 ** 3
