import { describe, expect, test } from 'vitest'
import { compileNetworks, parseNetwork } from '../src/networks.ts'

test.each([
  [['10.0.0.0/8'], '10.255.0.1', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.1.2.3'], '10.1.2.3', true],
  [['10.1.2.3'], '10.1.2.4', false],
  [['0.0.0.0/0'], '203.0.113.9', true],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['fd00::/8'], 'fd12:3456::1', true],
  [['fd00::/8'], 'fe80::1', false],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['::1'], '::1', true],
  [['::1'], '127.0.0.1', false],
  // An IPv4 peer of a listener on `::`, and a network that is written so.
  [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
  [['10.0.0.0/8'], '::FFFF:11.1.2.3', false],
  [['::ffff:10.0.0.0/104'], '10.1.2.3', true],
  [['::ffff:10.0.0.0/104'], '11.1.2.3', false],
  [['192.0.2.7', '10.0.0.0/8'], '10.1.2.3', true],
  [['10.0.0.0/8'], 'unknown', false],
  [['10.0.0.0/8'], '', false],
])('of %j, %s may ask: %s', (networks, address, expected) => {
  expect(compileNetworks(networks)(address)).toBe(expected)
})

describe('what is no network', () => {
  test.each([
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0/8',
    'fd00::/129',
    '::ffff:10.0.0.0/64',
    'fe80::1%eth0',
    '10.0.0.0/8 ',
    '',
  ])('`%s`', (text) => {
    expect(parseNetwork(text)).toBeUndefined()
  })
})
