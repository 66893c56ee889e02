import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCompany, type Company } from './company.ts'
import { untilApplication } from './stasis.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany(22)
  await untilApplication(company)
})
afterAll(() => company[Symbol.asyncDispose]())

test("a click rings all the person's telephones with the other's name, then dials for him", async () => {
  await using desk = await company.phone('501')
  await using other = await company.phone('501')
  const clicked = await company.post('calls', { from: 'ada', to: '0170 3920018' })
  expect(clicked).toMatchObject({ status: 202 })
  expect(JSON.parse(clicked.text)).toMatchObject({ asterisk: 'pbx1', dials: '001703920018' })
  const ringing = await desk.incoming()
  expect(ringing.from.name).toBe("Siobhán 'Shiv' O'Brien")
  await other.incoming()
  await ringing.answer()
  const coming = await company.provider('agi').incoming()
  expect(coming.to).toBe('+491703920018')
  expect(coming.from.number).toBe('+49301234501')
  await coming.answer()
  await coming.hears(440)
  await ringing.hears(440)
  await ringing.hangUp()
})

test('a click on a colleague rings him with the name of who clicked', async () => {
  await using from = await company.phone('501')
  await using to = await company.phone('502')
  expect(await company.post('calls', { from: '501', to: 'zoe' })).toMatchObject({ status: 202 })
  const ringing = await from.incoming()
  expect(ringing.from).toEqual({ name: 'Zoë Müller', number: '502' })
  await ringing.answer()
  const coming = await to.incoming()
  expect(coming.from).toEqual({ name: 'Ada Lovelace', number: '501' })
  await coming.answer()
  await ringing.media()
  await coming.hangUp()
})

test.each([
  [{ from: '599', to: '502' }, 404],
  [{ from: '501', to: 'PJSIP/502&PJSIP/503' }, 400],
  [{ from: '501', to: '502,1(x)' }, 400],
  [{ from: '501' }, 400],
  [{ from: '501', to: '502', asterisk: 'pbx9' }, 503],
])('a click that cannot be is refused: %j', async (body, status) => {
  expect((await company.post('calls', body)).status).toBe(status)
})
