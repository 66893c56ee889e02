import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handedOverContract } from './handed-over.ts'
import { inboundContract } from './inbound.ts'
import { openCompany, waysOf, type Company } from './company.ts'
import { outboundContract } from './outbound.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany(22)
})
afterAll(() => company[Symbol.asyncDispose]())

describe('Asterisk 22', () => {
  test('starts with the shipped files, and every module that they name', async () => {
    expect(await company.asterisk.logs()).not.toMatch(/(declined|failed) to load|Error loading/)
  })

  describe.each(waysOf(22))('asks by %s', (way) => inboundContract(() => company, way))
  describe('calls to the outside', () => outboundContract(() => company))
  describe('a call that is handed over', () => handedOverContract(() => company))
})
