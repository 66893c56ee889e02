import { inTurns, type Turn } from './turns.ts'

/** A merge sort that pauses; comparing names by a locale costs about a microsecond each time. */
export async function sortInTurns<T>(
  values: readonly T[],
  compare: (a: T, b: T) => number,
  turn: Turn = inTurns(),
): Promise<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < values.length; at += 256) {
    runs.push(values.slice(at, at + 256).sort(compare))
    await turn()
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let at = 0; at < runs.length; at += 2) {
      merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], compare, turn))
    }
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<T>(
  left: T[],
  right: T[],
  compare: (a: T, b: T) => number,
  turn: Turn,
): Promise<T[]> {
  if (right.length === 0) return left
  const all: T[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length) {
    const [a, b] = [left[l] as T, right[r] as T] // both are within their lists
    if (compare(a, b) <= 0) {
      all.push(a)
      l++
    } else {
      all.push(b)
      r++
    }
    if (all.length % 512 === 0) await turn()
  }
  while (l < left.length) all.push(left[l++] as T)
  while (r < right.length) all.push(right[r++] as T)
  return all
}
