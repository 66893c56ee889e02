import { expect, test } from 'vitest'
import { clockJump, tick } from '../../src/sync/source-clock.ts'
import { day, hour } from './directory.ts'

const read = { readAt: 1_795_000_000_000, clock: 5 * hour, reads: 7 }

test('a clock that jumps while the process runs counts as the process does', () => {
  for (const jump of [-3650 * day, 3650 * day]) {
    const next = tick(read, read.readAt + jump, hour)
    expect(next.clock - read.clock).toBe(jump > 0 ? hour : 0)
    expect(next.reads).toBe(8)
  }
})

test('without a process that ran since the last read, one read counts a day at most', () => {
  expect(tick(read, read.readAt + 3650 * day).clock - read.clock).toBe(day)
})

test('a jump is told with its way and size, and a clock that is set right is not', () => {
  expect(clockJump(read, read.readAt + hour + 3650 * day, hour)).toMatch(/ahead by 3650 days/)
  expect(clockJump(read, read.readAt - 2 * day, 0)).toMatch(/back by 2 days/)
  expect(clockJump(read, read.readAt + hour + 5000, hour)).toBeNull()
})
