/** Ranks of people in an order, ascending, each once. */
export type Places = Uint32Array<ArrayBuffer>

/** Few enough to be looked at one by one. */
const few = 128

/**
 * What is in all of the lists, or a little more: it stops when there are few, or when a list holds
 * so many of `total` that it tells nobody apart.
 */
export function inAll(lists: readonly Places[], total: number): Places {
  const [first = new Uint32Array(), ...others] = lists.toSorted((a, b) => a.length - b.length)
  let left = first
  for (const other of others) {
    if (left.length <= few || other.length > total / 2) break
    left = inBoth(left, other)
  }
  return left
}

/** What is in any of the lists. */
export function inAny(lists: readonly Places[]): Places {
  return lists.reduce(merge, new Uint32Array())
}

function inBoth(short: Places, long: Places): Places {
  const both = new Uint32Array(short.length)
  let count = 0
  let at = 0
  // In a list that is much longer, long steps find the place sooner than a walk.
  const step = Math.max(1, Math.floor(long.length / short.length))
  for (let index = 0; index < short.length; index++) {
    const wanted = short[index] as number // within the list
    while (at + step < long.length && (long[at + step] as number) < wanted) at += step
    while (at < long.length && (long[at] as number) < wanted) at++
    if (at === long.length) break
    if (long[at] === wanted) both[count++] = wanted
  }
  return both.subarray(0, count)
}

function merge(a: Places, b: Places): Places {
  if (a.length === 0) return b
  const all = new Uint32Array(a.length + b.length)
  let count = 0
  let left = 0
  let right = 0
  while (left < a.length || right < b.length) {
    const one = a[left] ?? Number.POSITIVE_INFINITY
    const other = b[right] ?? Number.POSITIVE_INFINITY
    if (one <= other) left++
    if (other <= one) right++
    all[count++] = Math.min(one, other)
  }
  return all.subarray(0, count)
}
