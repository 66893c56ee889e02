import { describe, expect, test } from 'vitest'
import { decodeUlaw, encodeUlaw, loudness, shareOf, sine } from './phone-audio.ts'

describe(encodeUlaw, () => {
  // The corners of ITU-T G.711, table 2a.
  test.for([
    [0, 0xff],
    [8159 * 4, 0x80],
    [-8159 * 4, 0x00],
    [4, 0xfe],
    [-4, 0x7e],
  ] as const)('writes %i as byte %i', ([sample, byte]) => {
    expect(encodeUlaw(Int16Array.of(sample))[0]).toBe(byte)
  })

  test('every byte survives there and back, except that -0 becomes 0', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const back = Uint8Array.from(encodeUlaw(decodeUlaw(bytes)))
    expect(back).toEqual(bytes.with(0x7f, 0xff))
  })
})

describe(shareOf, () => {
  test('a tone is heard at its own frequency and at no other', () => {
    const heard = decodeUlaw(encodeUlaw(sine(440, 0, 1600)))
    expect(shareOf(440, heard)).toBeGreaterThan(0.95)
    expect(shareOf(620, heard)).toBeLessThan(0.01)
  })

  test('two tones at once are neither', () => {
    const [one, other] = [sine(440, 0, 1600), sine(620, 0, 1600)]
    const mixed = one.map((sample, index) => (sample + (other[index] ?? 0)) / 2)
    expect(shareOf(440, mixed)).toBeLessThan(0.6)
  })

  test('silence is no tone', () => {
    expect(shareOf(440, new Int16Array(1600))).toBe(0)
    expect(loudness(new Int16Array(1600))).toBe(0)
  })
})

test('frames of a tone join without a click', () => {
  const whole = sine(440, 0, 320)
  const frames = Int16Array.from([...sine(440, 0, 160), ...sine(440, 160, 160)])
  expect(frames).toEqual(whole)
})
