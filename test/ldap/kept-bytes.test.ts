import { expect, test } from 'vitest'
import { KeptBytes } from '../../src/answers/ldap/kept-bytes.ts'
import { BerWriter } from '../../src/ldap-wire/ber-writer.ts'

/** What is kept under the key; null: nothing. */
function read(kept: KeptBytes<object>, key: object): string | null {
  const writer = new BerWriter()
  return kept.copy(key, writer) ? writer.finish().toString() : null
}

test('each run is found again under its own key, over many blocks', () => {
  const kept = new KeptBytes<object>(4_000_000)
  const keys = Array.from({ length: 2000 }, (_, at) => ({ text: `${at}-`.repeat(1 + (at % 300)) }))
  for (const key of keys) kept.keep(key, Buffer.from(key.text))
  expect(keys.filter((key) => read(kept, key) !== key.text)).toEqual([])
  expect(read(kept, {})).toBeNull()
})

test('when there is no more room it begins anew, and never gives a wrong answer', () => {
  const kept = new KeptBytes<object>(262_144)
  const keys = Array.from({ length: 20 }, (_, at) => ({ text: String(at % 10).repeat(30_000) }))
  for (const key of keys) kept.keep(key, Buffer.from(key.text))
  const found = keys.map((key) => read(kept, key))
  expect(found.at(-1)).toBe(keys.at(-1)?.text)
  expect(found[0]).toBeNull()
  expect(keys.every(({ text }, at) => found[at] === null || found[at] === text)).toBe(true)
})

test('what is too long is not kept, and what is empty is', () => {
  const kept = new KeptBytes<object>(1_000_000)
  const [long, empty] = [{}, {}]
  kept.keep(long, Buffer.alloc(65_536))
  kept.keep(empty, Buffer.alloc(0))
  expect(read(kept, long)).toBeNull()
  expect(read(kept, empty)).toBe('')
})
