import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sambaFaults } from './samba-faults.ts'
import { openSambaOffice, startSambaDomain, type SambaDomain } from './samba-office.ts'
import { survive } from './survive.ts'

let server: SambaDomain

beforeAll(async () => {
  server = await startSambaDomain()
})

afterAll(() => server?.[Symbol.asyncDispose]())

describe('nobody is lost, answers go on, it is said in words, and the next good read heals', () => {
  test.each(sambaFaults)('$name', async (fault) => {
    const { asked, named } = await survive(fault, () => openSambaOffice(server))
    expect(named).toMatch(fault.named)
    expect(asked).toBeGreaterThan(0)
  })
})
