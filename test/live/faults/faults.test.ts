import { describe, expect, test } from 'vitest'
import { faults } from './faults.ts'
import { openSlapdOffice } from './slapd-office.ts'
import { survive } from './survive.ts'

describe('nobody is lost, answers go on, it is said in words, and the next good read heals', () => {
  test.each(faults)('$name', async (fault) => {
    const { asked, named } = await survive(fault, () => openSlapdOffice(fault.office))
    expect(named).toMatch(fault.named)
    expect(asked).toBeGreaterThan(0)
  })
})
