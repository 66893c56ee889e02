import { expect, test } from 'vitest'
import { Attempts } from '../../src/answers/auth/attempts.ts'

const minuteMs = 60_000

function open() {
  let now = 1_000_000
  const limits = { perAccount: 5, perAddress: 30, windowMs: 15 * minuteMs }
  const attempts = new Attempts(limits, () => now)
  return {
    wait: (ms: number) => void (now += ms),
    begin: (account: string, address: string | null) => attempts.begin(account, address),
    /** How many of so many failures in a row were let through. */
    fail: (times: number, account: string, address: string | null) =>
      Array.from({ length: times }, () => attempts.begin(account, address)).filter(
        ({ kind }) => kind === 'go',
      ).length,
    succeed(account: string, address: string): void {
      const begun = attempts.begin(account, address)
      if (begun.kind !== 'go') throw new Error(`${account} was not let through: ${begun.kind}`)
      begun.attempt.succeeded()
    },
  }
}

test('five failures of one person are let through, and one more every three minutes', () => {
  const { fail, wait } = open()
  expect(fail(20, 'ada', '192.0.2.1')).toBe(5)
  wait(3 * minuteMs)
  expect(fail(20, 'ada', '192.0.2.2')).toBe(1)
  wait(15 * minuteMs)
  expect(fail(20, 'ada', '192.0.2.3')).toBe(5)
})

test('many addresses are no way around the limit of a person', () => {
  const { fail } = open()
  const passed = Array.from({ length: 200 }, (_, at) => fail(1, 'ada', `198.51.100.${at}`))
  expect(passed.reduce((sum, each) => sum + each, 0)).toBe(5)
})

test('where somebody signed in before, strangers cannot lock him out', () => {
  const { fail, succeed, begin } = open()
  succeed('ada', '192.0.2.1')
  for (let at = 0; at < 200; at++) fail(1, 'ada', `198.51.100.${at}`)
  succeed('ada', '192.0.2.1')
  expect(begin('ada', '192.0.2.2').kind).toBe('account')
})

test('the known place has a limit of its own', () => {
  const { fail, succeed } = open()
  succeed('ada', '192.0.2.1')
  expect(fail(20, 'ada', '192.0.2.1')).toBe(5)
})

test('an address that tries everybody is stopped, and told for how long', () => {
  const { begin, wait } = open()
  for (let at = 0; at < 30; at++) begin(`person ${at}`, '198.51.100.1')
  const refused = begin('another', '198.51.100.1')
  expect(refused).toMatchObject({ kind: 'address', retryAfterSeconds: 30 })
  expect(begin('another', '198.51.100.2').kind).toBe('go')
  wait(30_000)
  expect(begin('another', '198.51.100.1').kind).toBe('go')
})

test('one network of IPv6 counts as one address', () => {
  const { begin } = open()
  for (let at = 0; at < 30; at++) begin(`person ${at}`, `2001:db8:0:7::${at.toString(16)}`)
  expect(begin('another', '2001:0DB8:0000:0007:ffff:ffff:ffff:1').kind).toBe('address')
  expect(begin('another', '2001:db8:0:8::1').kind).toBe('go')
})

test('who signs in rightly a hundred times is never stopped', () => {
  const { succeed } = open()
  expect(() => {
    for (let count = 0; count < 100; count++) succeed('ada', '192.0.2.1')
  }).not.toThrow()
})

test('attempts at the same time count before their outcome is known', () => {
  const { begin } = open()
  const begun = Array.from({ length: 50 }, () => begin('ada', '192.0.2.1'))
  expect(begun.filter(({ kind }) => kind === 'go')).toHaveLength(5)
})

test('what nobody could decide does not count', () => {
  const { begin, fail } = open()
  for (let count = 0; count < 50; count++) {
    const begun = begin('ada', '192.0.2.1')
    if (begun.kind === 'go') begun.attempt.undecided()
  }
  expect(fail(20, 'ada', '192.0.2.1')).toBe(5)
})
