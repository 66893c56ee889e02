import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'

const megabyte = 1_048_576
/** Bytes of the youngest generation. */
const young = 16 * megabyte
/** Bytes by which what lives long may grow at least before all of it is looked through. */
const room = 32 * megabyte
/** By how much of itself it may grow, in percent: what an import leaves behind stays for hours. */
const leastPercent = 20
const lookMs = 2000

/**
 * Keeps garbage collections out of the way of answers, as far as the machine's memory allows; for
 * the process that answers, from its start on. Node sizes its heap for programs that compute: it lets
 * the youngest generation grow to 64 MB and more, each of whose collections holds up answers, while
 * in too small a one what a question leaves behind is taken for old; and it looks through a small
 * heap again after a few megabytes, which two thousand phones that connect at once are.
 */
export function tendHeap(): Disposable {
  fixYoungGeneration()
  let percent = leastPercent
  setFlagsFromString(`--heap-growing-percent=${percent}`)
  const look = setInterval(() => {
    const wanted = growingPercent(getHeapStatistics().used_heap_size)
    if (wanted !== percent) setFlagsFromString(`--heap-growing-percent=${(percent = wanted)}`)
  }, lookMs)
  look.unref()
  return { [Symbol.dispose]: () => clearInterval(look) }
}

/** By how many percent `used` bytes may grow; in steps of ten. */
export function growingPercent(used: number): number {
  return Math.max(leastPercent, Math.ceil((room / used) * 10) * 10)
}

/** No flag can be given to a program that runs already: it is grown to its size, and kept there. */
function fixYoungGeneration(): void {
  const occupied: number[][] = []
  while (youngBytes() < young && occupied.length < 20_000) {
    occupied.push(Array.from({ length: 200 }, () => 0))
  }
  setFlagsFromString('--semi-space-growth-factor=1')
}

function youngBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return space?.space_size ?? 0
}
