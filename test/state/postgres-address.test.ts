import { expect, test } from 'vitest'
import { addressText, checkAddress, parseAddress } from '../../src/state/postgres/address.ts'
import { checkState } from '../../src/state/state.ts'

test('an address names servers, user, database and how safe the line is', () => {
  expect(parseAddress('postgres://db/peerage')).toEqual({
    servers: [{ host: 'db', port: 5432 }],
    user: undefined,
    password: undefined,
    database: 'peerage',
    tls: 'off',
  })
  expect(
    parseAddress('postgresql://me%40x:p%2Fw@one,[::1]:5433,10.0.0.3/a%20b?sslmode=verify-full'),
  ).toEqual({
    servers: [
      { host: 'one', port: 5432 },
      { host: '::1', port: 5433 },
      { host: '10.0.0.3', port: 5432 },
    ],
    user: 'me@x',
    password: 'p/w',
    database: 'a b',
    tls: 'verified',
  })
})

test.each([
  'postgres://',
  'postgres://db',
  'postgres://db/',
  'postgres://db:port/peerage',
  'postgres://db/peerage?sslmode=perhaps',
  'postgres://db/peerage?options=-c',
  'postgres://a:b:c@db/%zz',
])('%s is no address, and the complaint shows a right one', (state) => {
  expect(parseAddress(state)).toBeUndefined()
  expect(checkAddress(state)[0]?.example).toMatch(/^postgres:/)
  expect(JSON.stringify(checkAddress(state))).not.toContain('b:c')
})

test('the text of an address for messages has no password', () => {
  const address = parseAddress('postgres://me:secret@db/peerage')
  expect(address && addressText(address)).toBe('postgres://db:5432/peerage')
})

test('nodes that share a state have to be given the key of its secrets', () => {
  const state = 'postgres://db/peerage'
  expect(checkState({ state })).toMatchObject([{ path: 'stateKeyFile' }])
  expect(checkState({ state, stateKey: 'x' })).toEqual([])
})
