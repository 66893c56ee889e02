import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { growingPercent } from '../src/heap.ts'

const megabyte = 1_048_576

describe('the heap', () => {
  test('of a small company may grow by 32 MB before it is looked through, a large one by a fifth', () => {
    expect(growingPercent(50 * megabyte)).toBe(70)
    expect(growingPercent(100 * megabyte)).toBe(40)
    expect(growingPercent(1000 * megabyte)).toBe(20)
  })

  test('has a youngest generation of 16 MB from the start, where Node lets it grow from 1 to 64', async () => {
    const program = `
      import { getHeapSpaceStatistics } from 'node:v8'
      const { tendHeap } = await import(process.argv[1])
      const size = () =>
        getHeapSpaceStatistics().find((each) => each.space_name === 'new_space').space_size / ${megabyte}
      tendHeap()
      const before = size()
      const kept = []
      for (let round = 0; round < 200_000; round++) kept[round % 20_000] = new Array(100).fill(round)
      console.log(JSON.stringify([before, size()]))`
    const module = new URL('../src/heap.ts', import.meta.url).href
    const args = ['--input-type=module', '-e', program, module]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const [before, after] = JSON.parse(stdout) as [number, number]
    expect(before).toBeGreaterThanOrEqual(16)
    // Half as much again is taken while what survives is moved.
    expect(after).toBeLessThan(before * 2)
  })
})
