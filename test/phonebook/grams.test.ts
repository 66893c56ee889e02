import { expect, test } from 'vitest'
import { Grams } from '../../src/answers/phonebook/search/grams.ts'
import { inTurns } from '../../src/turns.ts'
import { inAll, inAny } from '../../src/answers/phonebook/search/places.ts'

/** Always the same chance. */
function chance(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
}

test('what is in all lists, and in any, is what sets say', () => {
  const next = chance(7)
  for (let round = 0; round < 200; round++) {
    const shares = [next(), next() ** 3, next() ** 6]
    const lists = shares.map((share) =>
      Uint32Array.from(Array.from({ length: 3000 }, (_, at) => at).filter(() => next() < share)),
    )
    const sets = lists.map((list) => new Set(list))
    const all = [...(sets[0] ?? [])].filter((at) => sets.every((set) => set.has(at)))
    const found = inAll(lists, 3000)
    expect(all.filter((at) => !found.includes(at))).toEqual([])
    // A list that holds nearly everybody is not worth a look, nor is a list of a few.
    const isExact = found.length > 128 && lists.every(({ length }) => length <= 1500)
    if (isExact) expect([...found]).toEqual(all)
    expect([...inAny(lists)]).toEqual(
      [...new Set(lists.flatMap((list) => [...list]))].toSorted((a, b) => a - b),
    )
  }
})

test('nobody who has what is looked for is left out', async () => {
  const next = chance(11)
  const word = () => Array.from({ length: 5 }, () => 'abcde1王'[Math.floor(next() * 7)]).join('')
  const texts = Array.from({ length: 2000 }, () => ` ${word()} ${word()}`)
  const grams = await Grams.build(texts, inTurns())
  for (const needle of [' a', ' ab', 'abc', 'de1', '王', 'a王', ' cab', 'bb b']) {
    const candidates = grams.candidates([needle, 'dda'])
    const wanted = texts.flatMap((text, at) =>
      text.includes(needle) || text.includes('dda') ? [at] : [],
    )
    expect(wanted.filter((at) => !candidates?.includes(at))).toEqual([])
    expect([...(candidates ?? [])]).toEqual([...(candidates ?? [])].toSorted((a, b) => a - b))
  }
  expect(grams.candidates(['ab', 'abc'])).toBeNull()
  expect(grams.candidates(['zzz'])).toHaveLength(0)
})

test('a number that is known whole is looked for among those that end like it, and none is missed', async () => {
  const next = chance(13)
  const number = () => String(Math.floor(next() * 10 ** Math.ceil(next() * 9)))
  const texts = Array.from({ length: 5000 }, () => ` 49${number()} a${number()} ${number()} `)
  const grams = await Grams.build(texts, inTurns())
  for (const text of texts.slice(0, 300)) {
    for (const needle of [text.trimStart(), text.slice(5), text.slice(text.lastIndexOf(' ', -2))]) {
      const candidates = grams.candidates([needle])
      const wanted = texts.flatMap((each, at) => (each.includes(needle) ? [at] : []))
      expect(wanted.filter((at) => candidates && !candidates.includes(at))).toEqual([])
    }
  }
  const whole = /^ (49\d{6,} )/.exec(texts.find((text) => /^ 49\d{6}/.test(text)) ?? '')?.[1] ?? ''
  expect(grams.candidates([whole])?.length).toBeLessThan(128)
  expect(grams.candidates([whole.slice(-5)])?.length).toBeLessThan(20)
})
