import { inTurns } from './sort.ts'

/**
 * Which texts hold which two letters: whoever looks for `mueller` need only look at those with the
 * rarest pair of it. Characters above ASCII are kept singly too, since a name may be one of them.
 */
export class Grams {
  readonly #texts: readonly string[]
  readonly #places = new Map<number, Places>()

  private constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  static async build(texts: readonly string[]): Promise<Grams> {
    const grams = new Grams(texts)
    const turn = inTurns()
    for (const [at, text] of texts.entries()) {
      grams.#note(text, at)
      if (at % 16 === 0) await turn()
    }
    return grams
  }

  /** At least the places of all texts with one of the needles, in order; null: any text may do. */
  candidates(needles: readonly string[]): Uint32Array | null {
    const lists: Uint32Array[] = []
    for (const needle of needles) {
      const rarest = this.#rarest(needle)
      if (rarest === null) return null
      if (rarest.length > 0) lists.push(rarest)
    }
    if (lists.length < 2) return lists[0] ?? new Uint32Array()
    return Uint32Array.from(new Set(lists.flatMap((list) => [...list]))).sort()
  }

  has(at: number, needle: string): boolean {
    return this.#texts[at]?.includes(needle) ?? false
  }

  #rarest(needle: string): Uint32Array | null {
    let rarest: Places | null = null
    for (const gram of gramsOf(needle)) {
      const places = this.#places.get(gram)
      if (!places) return new Uint32Array()
      if (!rarest || places.count < rarest.count) rarest = places
    }
    return rarest && rarest.values.subarray(0, rarest.count)
  }

  #note(text: string, at: number): void {
    for (const gram of gramsOf(text)) {
      const places = this.#places.get(gram)
      if (!places) this.#places.set(gram, { values: Uint32Array.of(at, 0), count: 1 })
      else if (places.values[places.count - 1] !== at) append(places, at)
    }
  }
}

interface Places {
  values: Uint32Array
  count: number
}

function append(places: Places, at: number): void {
  if (places.count === places.values.length) {
    const longer = new Uint32Array(Math.ceil(places.count * 1.6))
    longer.set(places.values)
    places.values = longer
  }
  places.values[places.count++] = at
}

function* gramsOf(text: string): Generator<number> {
  let before = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 127) yield code
    if (before !== 0 && before !== space && code !== space) yield before * 65_536 + code
    before = code
  }
}

const space = 32
