import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'
import { Channel } from './channel.ts'

const ldif = [
  entry('zoe', 1, {
    cn: 'Zoë "Z" Müller',
    telephoneNumber: '+49 30 2312 501',
    mobile: '0170 3920018',
    o: 'Nord & Licht',
  }),
  entry('bob', 2, { cn: 'Bob (Robert) $Cash ${HANGUPCAUSE}', telephoneNumber: '+49 30 2312 502' }),
].join('')

let company: TestService
beforeAll(async () => {
  const source = 'secrets: { pin: { initial: "4711" } }'
  company = await startTestService({ ldif, source, yaml: 'agi: { pinTries: 3 }' })
})
afterAll(() => company[Symbol.asyncDispose]())

async function run(
  script: string,
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  const port = company.service.agi?.port ?? 0
  const channel = await Channel.run({ port, script, environment, args })
  return Object.fromEntries(channel.variables)
}

describe('/caller', () => {
  test('names the caller, says what is known, and proves last that it was all', async () => {
    const port = company.service.agi?.port ?? 0
    const environment = { callerid: '01703920018' }
    const { variables, commands } = await Channel.run({ port, script: 'caller', environment })
    expect(Object.fromEntries(variables)).toEqual({
      'CALLERID(name)': "Zoë 'Z' Müller",
      PEERAGE_MATCH: 'number',
      PEERAGE_NAME: "Zoë 'Z' Müller",
      PEERAGE_NUMBER: '+491703920018',
      PEERAGE_KIND: 'mobile',
      PEERAGE_ORGANISATION: 'Nord & Licht',
      PEERAGE_EXTENSION: '501',
      PEERAGE: 'caller',
    })
    expect(commands).toHaveLength(1)
    expect([...variables.keys()].at(-1)).toBe('PEERAGE')
  })

  test('leaves a name alone that it does not know', async () => {
    expect(await run('caller', { callerid: '+4940999999' })).toEqual({
      PEERAGE_MATCH: 'nobody',
      PEERAGE_NUMBER: '+4940999999',
      PEERAGE: 'caller',
    })
  })

  test('tells nobody who does not want to be known', async () => {
    const hidden = { PEERAGE_MATCH: 'withheld', PEERAGE: 'caller' }
    expect(await run('caller', { callerid: '01703920018', callingpres: '32' })).toEqual(hidden)
    expect(await run('caller', { callerid: 'unknown' })).toEqual(hidden)
  })

  test('takes an extension for a colleague only inside', async () => {
    expect((await run('caller', { callerid: '501' }))['CALLERID(name)']).toBeUndefined()
    expect((await run('caller?inside', { callerid: '501' }))['CALLERID(name)']).toContain('Zoë')
  })

  test('sets no name that a dialplan could evaluate', async () => {
    const { PEERAGE_NAME } = await run('lookup', {}, ['502'])
    expect(PEERAGE_NAME).toBe('Bob (Robert) $Cash {HANGUPCAUSE}')
  })
})

test('/did says whom to ring, as [peerage-ring] wants it', async () => {
  const wanted = {
    PEERAGE_ROUTE: 'person',
    PEERAGE_RING: '501',
    PEERAGE_BOX: '501@default',
    PEERAGE_SECONDS: '30',
    PEERAGE_ORDER: '',
    PEERAGE: 'did',
  }
  expect(await run('did')).toEqual(wanted)
  expect(await run('did', { extension: 's', dnid: '0302312501' })).toEqual(wanted)
  expect(await run('did', { extension: '+4940' })).toMatchObject({ PEERAGE_RING: '' })
})

test('/outbound says which number to show and to dial, and who is called', async () => {
  expect(await run('outbound', { callerid: '501' }, ['001703920018'])).toEqual({
    'CALLERID(num)': '+49302312501',
    'CALLERID(name)': '',
    PEERAGE_SHOWN: 'own',
    PEERAGE_DIAL: '+491703920018',
    PEERAGE_CALLED: "Zoë 'Z' Müller",
    PEERAGE: 'outbound',
  })
  const hidden = await run('outbound', {}, ['*31#001703920018', '501'])
  expect(hidden['CALLERID(pres)']).toBe('prohib_passed_screen')
})

describe('/auth', () => {
  test('knows the right PIN from a wrong one, and tells no more of who is not there', async () => {
    expect(await run('auth', {}, ['501', '4711'])).toMatchObject({ PEERAGE_AUTH: 'yes' })
    const no = { PEERAGE_AUTH: 'no', PEERAGE: 'auth' }
    expect(await run('auth', {}, ['501', '4712'])).toEqual(no)
    expect(await run('auth', {}, ['501'])).toEqual(no)
    expect(await run('auth', {}, ['599', '4711'])).toEqual(no)
    expect(await run('auth')).toEqual(no)
  })

  test('makes who guesses wait, even with the right one, and nobody else', async () => {
    for (let guess = 0; guess < 3; guess += 1) await run('auth', {}, ['502', `000${guess}`])
    expect(await run('auth', {}, ['502', '4711'])).toMatchObject({ PEERAGE_AUTH: 'wait' })
    expect(await run('auth', {}, ['501', '4711'])).toMatchObject({ PEERAGE_AUTH: 'yes' })
  })
})
