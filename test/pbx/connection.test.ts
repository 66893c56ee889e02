import { describe, expect, test } from 'vitest'
import type { Told } from './told.ts'
import { makePerson } from '../support/person.ts'
import { startFakeAmi, type FakeAmiOptions } from './fake-ami.ts'
import { openTold } from './told.ts'

const problemOf = (company: Told) => company.pbx.status()[0]?.problem ?? ''

describe('a log-in', () => {
  test('that is refused is named once, with the remedy and without the password', async () => {
    await using ami = await startFakeAmi({ password: 'right' })
    const options = { ...ami.options, password: 'hunter2' }
    await using company = await openTold([{ name: 'pbx1', ami: options }])
    await expect.poll(() => ami.connections).toBeGreaterThan(3)
    const warnings = company.lines.filter((line) => line.startsWith('warn'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(
      /AMI user 'peerage' refused by 127\.0\.0\.1:\d+ \(Authentication failed\); check asterisk\[0\]\.ami\.user and its password, and in manager\.conf \[peerage\]/,
    )
    expect(`${company.lines.join()}${problemOf(company)}`).not.toContain('hunter2')
    expect(company.pbx.status()).toMatchObject([{ connected: false, connectedSince: null }])
  })

  test('goes in plain over loopback where there is no challenge', async () => {
    const noChallenge: FakeAmiOptions = {
      answer: ({ Action }) =>
        Action === 'Challenge' ? 'Response: Error\r\nMessage: no\r\n\r\n' : undefined,
    }
    await using ami = await startFakeAmi(noChallenge)
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await company.pbx.settled()
    expect(company.pbx.status()).toMatchObject([{ connected: true }])
  })
})

describe('whatever stands at the other end', () => {
  test.for<[string, FakeAmiOptions, RegExp]>([
    ['something else', { greeting: 'HTTP/1.1 400\r\n' }, /is no manager interface.*ami\.port/],
    ['nothing', { greeting: '' }, /no answer for 300 ms \(greeting\)/],
    ['silence', { answer: () => null }, /no answer for 300 ms \(Challenge\)/],
    [
      'silence behind the log-in',
      { answer: ({ Action }) => (Action === 'ListCommands' ? null : undefined) },
      /no answer for 300 ms \(ListCommands\)/,
    ],
    [
      'a line without an end',
      { answer: ({ Action }) => (Action === 'ListCommands' ? 'x'.repeat(99_999) : undefined) },
      /a line without an end/,
    ],
    [
      'a hang-up',
      {
        answer: ({ Action }, socket) => {
          if (Action === 'ListCommands') socket.destroy()
          return undefined
        },
      },
      /closed the connection|ECONNRESET|EPIPE/,
    ],
  ])('%s is named, and tried again', async ([, fake, problem]) => {
    await using ami = await startFakeAmi(fake)
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await expect.poll(() => problemOf(company), { timeout: 3000 }).toMatch(problem)
    await expect.poll(() => ami.connections, { timeout: 3000 }).toBeGreaterThan(1)
    expect(company.pbx.status()).toMatchObject([{ connected: false }])
  })

  test('nobody at all is named with what to look at', async () => {
    const ami = await startFakeAmi()
    await ami[Symbol.asyncDispose]()
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await expect.poll(() => problemOf(company)).toMatch(/nobody listens on .* enabled = yes/)
  })

  test('somebody slow, who answers byte by byte, is understood', async () => {
    await using ami = await startFakeAmi({ isSlow: true })
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await company.pbx.settled()
    expect(company.pbx.status()).toMatchObject([{ connected: true, technologies: ['pjsip'] }])
  })

  test('an event that nobody asked for, of five megabytes, does no harm', async () => {
    await using ami = await startFakeAmi()
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await company.pbx.settled()
    ami.say(`Event: Huge\r\n${`Line: ${'x'.repeat(50_000)}\r\n`.repeat(100)}\r\n`)
    company.put(makePerson('501'))
    await ami.arrived(({ Object }) => Object === '501')
    await company.pbx.settled()
    expect(ami.connections).toBe(1)
  })
})

test('a connection that was lost is made again, and everything is dropped once more', async () => {
  await using ami = await startFakeAmi()
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
  await company.pbx.settled()
  const before = ami.actions.length
  ami.cut()
  company.put(makePerson('501'))
  await ami.arrived(({ Action }) => Action === 'SorceryMemoryCacheExpire', before)
  await company.pbx.settled()
  expect(company.pbx.status()).toMatchObject([{ connected: true, flushed: 2 }])
  expect(company.lines.filter((line) => line.includes('connected to Asterisk'))).toHaveLength(2)
})

test('closing waits for nobody', async () => {
  await using ami = await startFakeAmi({ answer: () => null })
  const company = await openTold([{ name: 'pbx1', ami: ami.options }], { timeoutMs: 60_000 })
  await expect.poll(() => ami.connections).toBe(1)
  const begun = performance.now()
  await company[Symbol.asyncDispose]()
  expect(performance.now() - begun).toBeLessThan(1000)
})
