import { describe, expect, test } from 'vitest'
import { openCompany, waysOf } from './company.ts'
import { killedDuringCalls } from './outage.ts'

test('a call to the outside shows the main number when Peerage is away', async () => {
  await using company = await openCompany(22)
  await using phone = await company.phone('501')
  await company.kill()
  const out = await phone.call('004089999999')
  const coming = await company.provider('agi').incoming()
  expect(coming).toMatchObject({ to: '04089999999', from: { name: null, number: '+4930123450' } })
  await coming.answer()
  await out.talking()
  await out.hangUp()
})

describe('on Asterisk 22', () => {
  for (const way of waysOf(22)) killedDuringCalls(22, way)
})
