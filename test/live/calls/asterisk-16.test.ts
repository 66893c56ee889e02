import { afterAll, beforeAll, describe } from 'vitest'
import { handedOverContract } from './handed-over.ts'
import { inboundContract } from './inbound.ts'
import { openCompany, waysOf, type Company } from './company.ts'
import { outboundContract } from './outbound.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany(16)
})
afterAll(() => company[Symbol.asyncDispose]())

describe('Asterisk 16', () => {
  describe.each(waysOf(16))('asks by %s', (way) => inboundContract(() => company, way))
  describe('calls to the outside', () => outboundContract(() => company))
  describe('a call that is handed over', () => handedOverContract(() => company))
})
