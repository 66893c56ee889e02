import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ds389Faults } from './ds389-faults.ts'
import { openDs389Office, startDs389Server, type Ds389Server } from './ds389-office.ts'
import { survive } from './survive.ts'

let server: Ds389Server

beforeAll(async () => {
  server = await startDs389Server()
})

afterAll(() => server?.[Symbol.asyncDispose]())

describe('nobody is lost, answers go on, it is said in words, and the next good read heals', () => {
  test.each(ds389Faults)('$name', async (fault) => {
    const { asked, named } = await survive(fault, () => openDs389Office(server))
    expect(named).toMatch(fault.named)
    expect(asked).toBeGreaterThan(0)
  })
})
