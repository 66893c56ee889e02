import { expect, test, vi } from 'vitest'
import { openCompany } from './company.ts'
import type { FakeAri } from './fake-ari.ts'

// Each test starts a thread or two, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const goesOn = (id: string) => `POST /channels/${id}/continue`
const hasGoneOn = (fake: FakeAri, id: string) => () => fake.asked.includes(goesOn(id))

test('a call is told what it asked for, the proof last, and goes on', async () => {
  await using company = await openCompany()
  const { fake, ari, questions } = company
  await ari.settled()
  fake.call('7', {}, ['caller?trunk=provider', 'did'])
  await fake.until(hasGoneOn(fake, '7'))
  expect(fake.asked).toEqual([
    'GET /channels/7/variable CALLERID(pres)',
    'POST /channels/7/variable CALLERID(name)=Zoë',
    'POST /channels/7/variable PEERAGE_MATCH=number',
    'POST /channels/7/variable PEERAGE_RING=501',
    'POST /channels/7/variable PEERAGE=did',
    goesOn('7'),
  ])
  expect(questions[0]?.settings.get('trunk')).toBe('provider')
  expect(questions[0]?.environment.get('callerid')).toBe('0170')
})

test('who does not want to be known is asked about as such', async () => {
  await using company = await openCompany((fake) => {
    fake.answer = (asked) =>
      asked.includes('CALLERID(pres)')
        ? { status: 200, body: { value: 'prohib_passed_screen' } }
        : undefined
  })
  await company.ari.settled()
  company.fake.call('7')
  await company.fake.until(hasGoneOn(company.fake, '7'))
  expect(company.questions[0]?.environment.get('callingpres')).toBe('32')
})

test('an event that comes twice is served once', async () => {
  await using company = await openCompany()
  const { fake, ari } = company
  await ari.settled()
  fake.call('7')
  fake.call('7')
  await fake.until(hasGoneOn(fake, '7'))
  fake.call('7')
  fake.call('8')
  await fake.until(hasGoneOn(fake, '8'))
  expect(fake.asked.filter((asked) => asked === goesOn('7'))).toHaveLength(1)
})

test('a call that asks what is no question goes on without the proof, and the log says so', async () => {
  await using company = await openCompany()
  const { fake, ari, warnings } = company
  await ari.settled()
  fake.call('7', {}, ['auth,501,4711'])
  await fake.until(hasGoneOn(fake, '7'))
  expect(fake.asked.join()).not.toContain('PEERAGE=')
  expect(warnings).toEqual(["Stasis() asks 'auth,501,4711', which is no question"])
})

test('an Asterisk that answers 500 to everything about a call is still told to let it go on', async () => {
  await using company = await openCompany()
  const { fake, ari, warnings } = company
  await ari.settled()
  let refusals = 0
  fake.answer = (asked) => {
    if (asked === goesOn('7') && ++refusals > 2) return undefined
    return { status: 500, body: { message: 'Internal "error"' } }
  }
  fake.call('7')
  await fake.until(() => refusals > 2)
  expect(fake.asked.filter((asked) => asked === goesOn('7'))).toHaveLength(3)
  expect(warnings).toHaveLength(2) // that it was not answered, and that it is held: once each
})

test('a call that hung up meanwhile is left alone', async () => {
  await using company = await openCompany()
  const { fake, ari, warnings } = company
  await ari.settled()
  fake.answer = (asked) =>
    asked.includes('/7') ? { status: 404, body: { message: 'Channel not found' } } : undefined
  fake.call('7')
  await fake.until(hasGoneOn(fake, '7'))
  fake.call('8')
  await fake.until(hasGoneOn(fake, '8'))
  expect(fake.asked.filter((asked) => asked === goesOn('7'))).toHaveLength(1)
  expect(warnings).toEqual([])
})

test.each(['hang', 'drop'] as const)(
  'a call goes on after its budget when its questions %s',
  async (how) => {
    await using company = await openCompany(undefined, 200)
    const { fake, ari, warnings } = company
    await ari.settled()
    fake.answer = (asked) => (asked.includes('/variable') ? how : undefined)
    fake.call('7')
    await fake.until(hasGoneOn(fake, '7'))
    expect(warnings).toEqual(['a call was not answered within 200 ms'])
  },
)
