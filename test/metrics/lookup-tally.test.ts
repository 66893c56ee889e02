import { expect, test } from 'vitest'
import { LookupTally, paceOf } from '../../src/answers/realtime/lookup-tally.ts'

test('tells below what all but one in a hundred answers stayed', () => {
  const tally = new LookupTally('ps_endpoints', 'single')
  for (let count = 0; count < 99; count++) tally.note('found', 0.02)
  tally.note('empty', 4)
  expect(paceOf([tally])).toEqual({ count: 100, p99Seconds: 0.000_025 })
  tally.note('empty', 4)
  expect(paceOf([tally])).toEqual({ count: 101, p99Seconds: 0.005 })
})

test('knows no pace before anybody asked', () => {
  expect(paceOf([new LookupTally('sippeers', 'multi')])).toEqual({ count: 0, p99Seconds: null })
})

test('an answer that took longer than every bound is no longer than infinity', () => {
  const tally = new LookupTally('queues', 'multi')
  tally.note('found', 5000)
  expect(paceOf([tally]).p99Seconds).toBe(Infinity)
})
