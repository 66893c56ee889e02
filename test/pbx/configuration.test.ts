import { describe, expect, test } from 'vitest'
import { adapt, type Installation } from '../../src/pbx/configuration/adapt.ts'
import { choose, type Wishes } from '../../src/pbx/configuration/choice.ts'
import { readShipped } from '../../src/pbx/configuration/shipped.ts'
import type { AsteriskOptions } from '../../src/pbx/options.ts'

const account = { host: '127.0.0.1', port: 5038, user: 'peerage', password: 'secret', tls: false }
const near: AsteriskOptions = { name: 'pbx1', ami: account }
const far: AsteriskOptions = { name: 'pbx2', ami: { ...account, host: '10.0.0.9' } }
const plain: Installation = {
  url: 'http://127.0.0.1:8070',
  token: null,
  authority: null,
  folder: '/etc/asterisk',
}

function print(
  wishes: Wishes,
  asterisk: AsteriskOptions | undefined,
  about = {},
  listEverybody = true,
) {
  const choice = choose(wishes, asterisk, listEverybody)
  const files = adapt(readShipped(choice.driver), choice, { ...plain, ...about })
  return (name: string) => files.get(name) ?? ''
}

test.each([
  ['pjsip', {}],
  ['chan_sip', { version: 16 as const, cache: 'off' as const }],
] as const)(
  'for the usual set-up the %s files are the shipped ones and the account',
  (driver, wishes) => {
    const choice = choose(wishes, near, true)
    const files = new Map(adapt(readShipped(driver), choice, plain))
    expect(files.get('manager_users.conf')).toMatch(/\[peerage\]\nsecret = secret\ndeny/)
    files.delete('manager_users.conf')
    expect(files).toEqual(readShipped(driver))
  },
)

test.each([
  [{}, undefined, { version: 22, driver: 'pjsip', cache: 'short', contacts: 'shared' }],
  [{}, near, { version: 22, driver: 'pjsip', cache: 'told' }],
  [{ cache: 'off' }, near, { cache: 'off' }],
  [{ version: 20 }, near, { version: 20, driver: 'pjsip' }],
  [{ version: 16 }, near, { driver: 'chan_sip', cache: 'told' }],
  [{ version: 16 }, undefined, { driver: 'chan_sip', cache: 'off' }],
  [{ version: 16, driver: 'pjsip' }, near, { driver: 'pjsip' }],
  [{ driver: 'chan_sip' }, near, { version: 16 }],
  [{}, { ...near, technology: 'sip' }, { version: 16, driver: 'chan_sip' }],
] satisfies [Wishes, AsteriskOptions | undefined, object][])(
  '%j, %j: %j',
  (wishes, asterisk, chosen) => {
    expect(choose(wishes, asterisk, true)).toMatchObject(chosen)
  },
)

test.each([
  [{ driver: 'chan_sip', version: 22 }, near, /has no chan_sip; use --driver pjsip/],
  [{ driver: 'chan_sip', contacts: 'local' }, near, /leave out --contacts/],
  [{ driver: 'chan_sip', cache: 'on' }, undefined, /never forgets .* or use --cache off/],
] satisfies [Wishes, AsteriskOptions | undefined, RegExp][])(
  '%j is not possible',
  (wishes, asterisk, message) => {
    expect(() => choose(wishes, asterisk, true)).toThrow(message)
  },
)

describe('an Asterisk', () => {
  test('that nobody tells anything remembers for seconds', () => {
    const text = print({}, undefined)('sorcery.conf')
    const settings = text.match(/^\w+\/cache = .*$/gm)
    expect(settings).toHaveLength(3)
    for (const each of settings ?? []) {
      expect(each).toMatch(/memory_cache,object_lifetime_stale=10,object_lifetime_maximum=60,/)
    }
    expect(print({}, undefined)('manager_users.conf')).toBe('')
  })

  test.each([
    ['that gets the list of everybody', {}, near, true, 'listed', 'system'],
    ['whose phones are woken', {}, near, false, 'woken', 'system,command'],
    ['that keeps registrations itself', { contacts: 'local' }, near, false, 'unknown', 'system'],
    ['with chan_sip', { version: 16 }, near, false, 'listed', 'system,command'],
  ] as const)(
    '%s lets Peerage do just what that takes',
    (_, wishes, asterisk, list, phones, may) => {
      expect(choose(wishes, asterisk, list).phones).toBe(phones)
      const file = print(wishes, asterisk, {}, list)
      expect(file('manager_users.conf')).toContain(`write = ${may}\n`)
    },
  )

  test('that nobody tells anything, and that gets no list, cannot know of phones', () => {
    expect(choose({}, undefined, false).phones).toBe('unknown')
  })

  test('on another machine has an interface that Peerage reaches, and nobody else', () => {
    const file = print({}, far, { url: 'http://10.0.0.5:8070' })
    expect(file('manager.conf')).toMatch(/^bindaddr = 0\.0\.0\.0$/m)
    expect(file('manager_users.conf')).toMatch(/^permit = 10\.0\.0\.5\/255\.255\.255\.255$/m)
    expect(file('extconfig.conf')).toMatch(/^ps_auths => curl,http:\/\/10\.0\.0\.5:8070\/realtime/m)
    expect(file('extconfig.conf')).not.toContain('127.0.0.1')
  })

  const ari = {
    url: 'http://127.0.0.1:8088',
    user: 'rest',
    password: 'a;b',
    application: 'peerage',
    budgetMs: 1000,
  }

  test('whose calls ask by ARI has an account for it, and listens where Peerage asks', () => {
    const usual = print({}, { ...near, ari })
    expect(usual('ari_users.conf')).toMatch(
      /^\[rest\]\ntype = user\nread_only = no\npassword = a\\;b$/m,
    )
    expect(usual('http.conf')).toBe(readShipped('pjsip').get('http.conf'))
    const other = { ...ari, url: 'http://127.0.0.1:8099', application: 'second' }
    expect(print({}, { ...near, ari: other })('http.conf')).toMatch(/^bindport = 8099$/m)
    const dialplan = print({}, { ...near, ari: other })('extensions_ari.conf')
    expect(dialplan).toMatch(/Stasis\(second,caller/)
    expect(dialplan).not.toContain('Stasis(peerage,')
    expect(print({}, near)('ari_users.conf')).toBe('')
    expect(print({ version: 16 }, { ...near, ari })('ari_users.conf')).toBe('')
  })

  test('on another machine is asked by ARI over TLS alone', () => {
    const distant = { ...far, ari: { ...ari, url: 'https://10.0.0.9:8089' } }
    const text = print({}, distant)('http.conf')
    expect(text).toMatch(/^bindaddr = 127\.0\.0\.1$/m)
    expect(text).toMatch(/^tlsenable = yes\ntlsbindaddr = 0\.0\.0\.0:8089$/m)
  })

  test('whose interface speaks TLS listens so', () => {
    const tls = { ...far, ami: { ...far.ami, tls: true, port: 5039 } }
    const text = print({}, tls)('manager.conf')
    expect(text).toMatch(
      /^bindaddr = 127\.0\.0\.1\ntlsenable = yes\ntlsbindaddr = 0\.0\.0\.0:5039$/m,
    )
  })

  test.each([
    [22, /^ssl_cainfo = \/etc\/asterisk\/peerage-ca\.pem$/m],
    [18, /^; Asterisk 18 knows no option for our authority: copy peerage-ca\.pem/m],
  ] as const)('of version %i learns to trust our authority', (version, line) => {
    const about = { url: 'https://peerage.example:8070', authority: 'PEM', token: 'the-token' }
    const file = print({ version }, near, about)
    expect(file('res_curl.conf')).toMatch(line)
    expect(file('res_curl.conf')).toMatch(/^httpheader = Authorization: Bearer the-token$/m)
    expect(file('peerage-ca.pem')).toBe('PEM')
  })
})
