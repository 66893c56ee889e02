import { describe } from 'vitest'
import { waysOf } from './company.ts'
import { killedDuringCalls } from './outage.ts'

describe('on Asterisk 16', () => {
  for (const way of waysOf(16)) killedDuringCalls(16, way)
})
