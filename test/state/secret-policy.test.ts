import { expect, test } from 'vitest'
import type { PersonSecrets } from '../../src/person/person.ts'
import { compileSecretPolicy, type SecretOptions } from '../../src/state/secret-policy.ts'
import { openState } from '../../src/state/state.ts'

const opened = async () => {
  const state = await openState({ state: 'sqlite::memory:' }, () => 1_795_000_000_000)
  return {
    state,
    /** A run under this policy, in which the directory says this of ada. */
    read: (secrets: SecretOptions['secrets'], given: PersonSecrets = {}) =>
      state.secrets.provide([['a/ada', given]], compileSecretPolicy(secrets ? { secrets } : {})),
    sip: () => state.secrets.sip('a/ada'),
    pin: () => state.secrets.pin('a/ada'),
    voicemailPin: () => state.secrets.voicemailPin('a/ada'),
    [Symbol.asyncDispose]: () => state[Symbol.asyncDispose](),
  }
}

const from = (overwrite?: 'never' | 'changed' | 'always') => ({
  pin: { from: 'pager', ...(overwrite ? { overwrite } : {}) },
})

test('the initial PIN is for who is new, and another one is for nobody else', async () => {
  await using it = await opened()
  await it.read({ pin: { initial: '1111' } })
  expect(it.pin()).toBe('1111')
  await it.read({ pin: { initial: '2222' } })
  expect(it.pin()).toBe('1111')
})

test('to ask the directory from now on resets nobody; its next word counts', async () => {
  await using it = await opened()
  await it.read(undefined)
  const made = it.sip()
  const policy = { sip: { from: 'sipPassword' } }
  await it.read(policy, { sip: 'theirs' })
  expect(it.sip()).toBe(made)
  await it.read(policy, { sip: 'theirs' })
  expect(it.sip()).toBe(made)
  await it.read(policy, { sip: 'new' })
  expect(it.sip()).toBe('new')
})

test('to make them at random from now on, or to have one policy after the other, resets nobody', async () => {
  await using it = await opened()
  const policy = { sip: { from: 'sipPassword' } }
  await it.read(policy, { sip: 'theirs' })
  expect(await it.read({ sip: 'random' })).toEqual([])
  await it.read({ sip: 'random', pin: { initial: '1111' } })
  expect(await it.read(policy, { sip: 'theirs' })).toEqual([])
  expect(it.sip()).toBe('theirs')
})

test('who had none in the directory gets the one that somebody enters there', async () => {
  await using it = await opened()
  await it.read(from())
  expect(it.pin()).toMatch(/^\d{6}$/)
  await it.read(from(), { pin: '4711' })
  expect(it.pin()).toBe('4711')
  await it.read(from())
  expect(it.pin()).toBe('4711')
})

test.each([
  ['never', '9999', '9999'],
  ['changed', '9999', '2222'],
  ['always', '1111', '2222'],
] as const)('a PIN that somebody chose is overwritten: %s', async (overwrite, same, another) => {
  await using it = await opened()
  await it.read(from(overwrite), { pin: '1111' })
  await it.state.secrets.choose('a/ada', 'pin', '9999')
  await it.read(from(overwrite), { pin: '1111' })
  expect(it.pin()).toBe(same)
  await it.read(from(overwrite), { pin: '2222' })
  expect(it.pin()).toBe(another)
})

test('an administrator resets a PIN to the initial one, and the mailbox with it', async () => {
  await using it = await opened()
  const policy = { pin: { initial: '1111' } }
  await it.read(policy)
  await it.state.secrets.choose('a/ada', 'pin', '9999')
  await it.state.secrets.choose('a/ada', 'voicemailPin', '8888')
  const sip = it.sip()
  const isReset = await it.state.secrets.reset(
    'a/ada',
    'pin',
    compileSecretPolicy({ secrets: policy }),
  )
  expect([isReset, it.pin(), it.voicemailPin(), it.sip()]).toEqual([true, '1111', '1111', sip])
  const kept = await it.state.database.query(`select kind from secrets order by kind`)
  expect(kept.map(({ kind }) => kind)).toEqual(['pin', 'sip'])
  expect(await it.state.secrets.reset('a/nobody', 'pin', compileSecretPolicy({}))).toBe(false)
})

test.each(['never', 'changed', 'always'] as const)(
  'an administrator resets a PIN to what the directory says: %s',
  async (overwrite) => {
    await using it = await opened()
    await it.read(from(overwrite), { pin: '1111' })
    await it.state.secrets.choose('a/ada', 'pin', '9999')
    const policy = compileSecretPolicy({ secrets: from(overwrite) })
    await it.state.secrets.reset('a/ada', 'pin', policy)
    expect(it.pin()).toBe('9999')
    await it.read(from(overwrite), { pin: '1111' })
    expect(it.pin()).toBe('1111')
  },
)

test('an administrator has a new SIP secret made', async () => {
  await using it = await opened()
  await it.read(undefined)
  const before = it.sip()
  await it.state.secrets.reset('a/ada', 'sip', compileSecretPolicy({}))
  expect(it.sip()).toMatch(/^[a-zA-Z2-9]{20}$/)
  expect(it.sip()).not.toBe(before)
})
