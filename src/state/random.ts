import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(65_536)
let used = pool.length

/** Random bytes of the system's generator, fetched many at a time: each fetch costs microseconds. */
export function takeRandom(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count) // what was handed out is nobody else's
  used += count
  return bytes
}
