import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService } from '../support/service.ts'

const staff = entry('zoe', 1, { cn: 'Zoë', telephoneNumber: '501', preferredLanguage: 'de-DE, en' })
const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')

/** One row of a company whose `default` class is as given. */
async function row(family: string, question: string, options: string): Promise<string[][]> {
  await using company = await startTestService({
    ldif: staff,
    source: 'map: { sipSecret: sn, language: preferredLanguage }',
    yaml: `classes: { default: { ${options} } }`,
  })
  return decodePairs((await company.ask(`${family}/single`, question)).trim())
}

describe('the secret need not leave', () => {
  const md5 = hash('md5', '501:asterisk:zoe')

  test('md5 gives the digest for the realm, to chan_pjsip and to chan_sip', async () => {
    const auth = await row('ps_auths', 'id=501', 'auth: md5')
    expect(auth).toEqual([
      ['id', '501'],
      ['auth_type', 'md5'],
      ['username', '501'],
      ['md5_cred', md5],
      ['realm', 'asterisk'],
    ])
    const peer = Object.fromEntries(await row('sippeers', 'name=501', 'auth: md5'))
    expect(peer).toMatchObject({ md5secret: md5 })
    expect(peer).not.toHaveProperty('secret')
  })

  test('digest gives MD5 and SHA-256 for a realm of its own', async () => {
    const auth = await row('ps_auths', 'id=501', 'auth: digest, realm: pbx.example')
    const text = '501:pbx.example:zoe'
    expect(Object.fromEntries(auth)).toEqual({
      id: '501',
      auth_type: 'digest',
      username: '501',
      password_digest: `MD5:${hash('md5', text)},SHA-256:${hash('sha256', text)}`,
      supported_algorithms_uas: 'SHA-256,MD5',
      supported_algorithms_uac: 'SHA-256,MD5',
      realm: 'pbx.example',
    })
  })

  test('IAX2 needs the secret itself, and gets no row without it', async () => {
    expect(Object.fromEntries(await row('iaxpeers', 'name=501', ''))).toMatchObject({
      secret: 'zoe',
      host: 'dynamic',
    })
    expect(await row('iaxpeers', 'name=501', 'auth: digest')).toEqual([])
  })
})

test('columns of the configuration come in the place of usual ones', async () => {
  const fields = await row(
    'ps_endpoints',
    'id=501',
    'musicOnHold: jazz, endpoint: { rtp_timeout: 60, direct_media: true, tone_zone: de }',
  )
  expect(fields.filter(([field]) => field === 'direct_media')).toEqual([['direct_media', 'yes']])
  expect(Object.fromEntries(fields)).toMatchObject({
    rtp_timeout: '60',
    tone_zone: 'de',
    moh_suggest: 'jazz',
    language: 'de_DE',
  })
  const aor = Object.fromEntries(await row('ps_aors', 'id=501', 'aor: { minimum_expiration: 120 }'))
  expect(aor).toMatchObject({ minimum_expiration: '120', max_contacts: '2' })
})

test('the first digit of an extension is its call group, where the directory names none', async () => {
  const fields = Object.fromEntries(await row('ps_endpoints', 'id=501', 'callGroup: first-digit'))
  expect(fields).toMatchObject({
    call_group: '5',
    pickup_group: '5',
    named_call_group: '5',
    named_pickup_group: '5',
  })
  expect(Object.fromEntries(await row('ps_endpoints', 'id=501', ''))).not.toHaveProperty(
    'call_group',
  )
})

test('with mwi: notify an endpoint has its mailbox, and Asterisk finds it at its start', async () => {
  await using company = await startTestService({
    ldif: staff,
    yaml: 'classes: { default: { mwi: notify } }',
  })
  expect(await company.ask('ps_endpoints/multi', 'mailboxes%20!%3D=')).toContain(
    'mailboxes=501%40default',
  )
})

test.each([
  ['endpoint: { id: 7 }', /classes\.default\.endpoint\.id: is made by Peerage/],
  ['endpoint: { "a b": 7 }', /is no column/],
  ['endpoint: { accountcode: "x\\nauth=none" }', /control character/],
  ['steps: ["Dial(PJSIP/{who})"]', /\{who\} is not filled in; known are \{phones\}/],
  ['steps: ["Dial"]', /steps\.0: is no step/],
  ['realm: "a\\"b"', /realm/],
  ['queue: "a,b"', /classes\.default\.queue: 'a,b' is no name for a queue/],
])('a class with %s is refused', async (options, complaint) => {
  const started = startTestService({
    ldif: staff,
    yaml: `classes: { default: { ${options} } }`,
  })
  await expect(started).rejects.toThrow(complaint)
})
