import { expect, test, vi } from 'vitest'
import { openCompany } from './company.ts'
import type { Answer } from './fake-ari.ts'

// Each test starts a thread or two, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const goesOn = (id: string) => `POST /channels/${id}/continue`

test('calls that waited before the connection are answered, and go on', async () => {
  await using company = await openCompany((fake) => (fake.waiting = ['1', '2']))
  const { fake, ari } = company
  await ari.settled()
  await fake.until(() => ['1', '2'].every((id) => fake.asked.includes(goesOn(id))))
  expect(fake.asked).toContain('POST /channels/2/variable PEERAGE=did')
  expect(ari.status()).toMatchObject([{ name: 'pbx1', connected: true, stranded: 2 }])
})

test('calls that a lost connection left behind go on with the next one', async () => {
  await using company = await openCompany()
  const { fake, ari } = company
  await ari.settled()
  fake.answer = (asked) => (asked.includes('/variable') ? 'hang' : undefined)
  fake.call('7')
  await fake.until(() => fake.asked.length > 0)
  fake.answer = undefined
  fake.waiting = ['7']
  fake.drop()
  await fake.until(() => fake.asked.includes(goesOn('7')))
  expect(fake.asked.at(-2)).toBe('POST /channels/7/variable PEERAGE=did')
})

test.each<[string, Answer, string]>([
  ['answers 500', { status: 500, body: '{"message":"no"}' }, 'no connection'],
  ['answers what is no JSON', { status: 200, body: '<html>' }, 'no connection'],
  ['answers 404', { status: 404, body: '' }, 'has no ARI'],
  ['drops', 'drop', 'no connection'],
  ['says nothing', 'hang', 'no answer within'],
])('an ARI that %s while it is connected to is tried again', async (_, answer, problem) => {
  await using company = await openCompany((fake) => (fake.answerAll = () => answer))
  const { fake, ari, warnings } = company
  while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(warnings[0]).toContain(problem)
  fake.answerAll = undefined
  await ari.settled()
  expect(ari.status()).toMatchObject([{ connected: true, problem: null }])
})

test.each([
  ['no JSON', '{"type":'],
  ['an event of no known kind', { type: 'Sabotage' }],
  ['a channel without an id', { type: 'StasisStart', channel: { caller: 7 } }],
  ['an id that would be another request', { type: 'StasisStart', channel: { id: '../x\r\n' } }],
  ['nothing', ''],
])('after %s as an event the next call is answered', async (_, event) => {
  await using company = await openCompany()
  const { fake, ari } = company
  await ari.settled()
  fake.send(event)
  // What ends the connection is known only when there is a next one.
  fake.waiting = ['7']
  fake.call('7')
  await fake.until(() => fake.asked.includes(goesOn('7')))
  expect(fake.asked.join('\n')).not.toMatch(/\.\./)
})

test('a wrong password is said with its remedy, without it, and not tried again at once', async () => {
  await using company = await openCompany((fake) => (fake.password = 'another'))
  const { ari, warnings } = company
  while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(warnings[0]).toContain('check asterisk[0].ari.user and its password')
  expect(warnings[0]).not.toContain('secret')
  expect(ari.client()).toBeUndefined()
})

test('an application that another program takes is left to it', async () => {
  await using company = await openCompany()
  const { fake, ari, warnings } = company
  await ari.settled()
  fake.send({ type: 'ApplicationReplaced', application: 'peerage' })
  while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(warnings[0]).toContain('give each Peerage its own asterisk[0].ari.application')
  await fake.until(() => !fake.isConnected)
  expect(ari.client()).toBeUndefined()
})

test('a second Asterisk with another password does not disturb the first', async () => {
  await using one = await openCompany()
  await one.ari.settled()
  await using two = await openCompany((fake) => (fake.password = 'another'), 2000, 'another')
  await two.ari.settled()
  one.fake.call('7')
  await one.fake.until(() => one.fake.asked.includes(goesOn('7')))
  expect(two.fake.asked).toEqual([])
})
