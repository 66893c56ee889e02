import type { Measured } from './scale-model.ts'

/** What `bench/scale.ts` measured last, with so many people; docs/scale.md says on what machine. */
export const points: readonly { readonly people: number; readonly measured: Measured }[] = [
  {
    people: 20_000,
    measured: {
      personBytes: 1515,
      contactBytes: 390,
      personRowBytes: 909,
      contactRowBytes: 390,
      loadMicroseconds: 219,
      writesPerSecond: 1746,
      writesOfTwoPerSecond: 2776,
      followedPerSecond: 14_028,
      walBytes: 712,
    },
  },
  {
    people: 60_000,
    measured: {
      personBytes: 1323,
      contactBytes: 331,
      personRowBytes: 913,
      contactRowBytes: 390,
      loadMicroseconds: 162,
      writesPerSecond: 1971,
      writesOfTwoPerSecond: 3034,
      followedPerSecond: 22_797,
      walBytes: 712,
    },
  },
]
