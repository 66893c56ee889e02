import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openExamined, troubles, type Examined } from './examined.ts'

const account = { user: 'console', password: 'secret', tls: false }

let examined: Examined
beforeAll(async () => {
  examined = await openExamined()
})
afterAll(() => examined[Symbol.asyncDispose]())

test('the shipped files have nothing to complain about, and each look-up is proven', async () => {
  const found = await examined.examine()
  expect(troubles(found)).toEqual([])
  expect(found.join('\n')).toMatch(/ok version: Asterisk 22\./)
  expect(found.join('\n')).toMatch(/ok extconfig: asked from Peerage: ps_endpoints, ps_auths/)
  expect(found.join('\n')).toMatch(
    /ok probe: ps_endpoints is asked here, by 127\.0\.0\.1, in \d+ ms/,
  )
  expect(found.join('\n')).toMatch(/ok person: Asterisk accepts what Peerage answers for 501/)
})

describe('the connection', () => {
  test.each([
    ['nobody listens', { port: 1 }, /fail connection: nobody listens on .* → is Asterisk/],
    ['a wrong password', { password: 'no' }, /refused .* → check asterisk\[0\]\.ami\.user/],
    ['an account without system', { user: 'powerless' }, /fail rights: .* → write = system/],
  ])('%s: nothing else is looked at', async (_, about, message) => {
    const { host, port } = examined.asterisk.ami
    const ami = { ...account, host, port, ...about }
    const found = await examined.examine({ ami })
    expect(troubles(found)).toEqual([expect.stringMatching(message)])
    expect(found.join()).not.toContain('version')
  })

  test('an account that may do too much is named', async () => {
    const { host, port } = examined.asterisk.ami
    const found = await examined.examine({ ami: { ...account, host, port, user: 'mighty' } })
    expect(troubles(found)).toEqual([
      expect.stringMatching(/^warn rights: .*'mighty' may do more .*\(originate, config\)/),
    ])
  })

  test('a clock that differs is named', async () => {
    const found = await examined.examine({ now: () => Date.now() + 61_000 })
    expect(troubles(found)).toEqual([
      expect.stringMatching(/^warn clock: .* 61(\.\d)? s behind ours/),
    ])
  })

  test('without a service it is not known who is asked', async () => {
    const found = await examined.examine({ service: null })
    expect(troubles(found)).toEqual([
      expect.stringMatching(/^warn probe: not known .* → peerage serve/),
    ])
  })
})

describe('in a file', () => {
  test.each<[string, string, string | RegExp, string, RegExp]>([
    [
      'a family that is not mapped',
      'extconfig.conf',
      /^ps_auths.*$/m,
      '',
      /fail extconfig: ps_auths is not asked from anybody/,
    ],
    [
      'another engine',
      'extconfig.conf',
      /^ps_aors.*$/m,
      'ps_aors => odbc,asterisk',
      /fail extconfig: ps_aors is asked from odbc, which is not Peerage/,
    ],
    [
      'another path',
      'extconfig.conf',
      '/realtime/ps_aors',
      '/rt/ps_aors?token=hidden',
      /fail extconfig: ps_aors is asked from http:[^?]*\/rt\/ps_aors, which/,
    ],
    [
      'another scheme',
      'extconfig.conf',
      /^ps_aors => curl,http:/m,
      'ps_aors => curl,https:',
      /fail extconfig: ps_aors is asked by https:/,
    ],
    [
      'another port',
      'extconfig.conf',
      /(ps_aors => .*127\.0\.0\.1):\d+/,
      '$1:8071',
      /warn extconfig: ps_aors is asked at port 8071, and listen\.pbx is \d+/,
    ],
    [
      'a URL that is cut',
      'extconfig.conf',
      /(ps_aors => curl,http:\/\/)/,
      `$1${'a'.repeat(250)}@`,
      /fail extconfig: the URL of ps_aors is cut at 255/,
    ],
    [
      'a token in the URL',
      'extconfig.conf',
      /(ps_aors => curl,http:\/\/)/,
      '$1peerage:hidden@',
      /warn extconfig: the token stands in the URL/,
    ],
    [
      'two addresses',
      'extconfig.conf',
      /^ps_aors => (.*)$/m,
      'ps_aors => $1,x,1\nps_aors => $1,x,2',
      /warn extconfig: ps_aors has 2 addresses/,
    ],
    [
      'no time limits',
      'res_curl.conf',
      /^(conn|http)timeout.*$/gm,
      '',
      /warn res_curl: without conntimeout .* 300 s/,
    ],
    [
      'a long time limit',
      'res_curl.conf',
      'httptimeout = 2',
      'httptimeout = 30',
      /warn res_curl: httptimeout = 30/,
    ],
    [
      'failurecodes',
      'res_curl.conf',
      'httptimeout = 2',
      'httptimeout = 2\nfailurecodes = 404,500',
      /warn res_curl: failurecodes is set/,
    ],
    [
      'people out of files only',
      'sorcery.conf',
      'auth = realtime,ps_auths',
      '',
      /fail sorcery: auth is not taken from ps_auths/,
    ],
    [
      'trunks by realtime',
      'sorcery.conf',
      /$/,
      '\n[res_pjsip_endpoint_identifier_ip]\nidentify = realtime,ps_endpoint_id_ips\n',
      /warn sorcery: identify is asked by realtime/,
    ],
    [
      'aliases by realtime',
      'sorcery.conf',
      /^contact = .*$/m,
      '$&\ndomain_alias = realtime,ps_domain_aliases',
      /warn sorcery: domain_alias is asked by realtime/,
    ],
    ['no cache', 'sorcery.conf', /^endpoint\/cache.*$/m, '', /warn caches: endpoint is not cached/],
    [
      'a bare cache',
      'sorcery.conf',
      /^(auth\/cache = memory_cache).*$/m,
      '$1',
      /fail caches: auth\/cache is a bare memory_cache, which Asterisk 22\.10 does not survive/,
    ],
    [
      'a cache that cannot forget',
      'sorcery.conf',
      /^(aor\/cache = .*)$/m,
      '$1,full_backend_cache=yes',
      /fail caches: aor\/cache has full_backend_cache/,
    ],
    [
      'more domains',
      'pjsip.conf',
      /^disable_multi_domain.*$/m,
      '',
      /warn pjsip: people are also looked for as NAME@DOMAIN/,
    ],
    [
      'another order',
      'pjsip.conf',
      /^endpoint_identifier_order.*$/m,
      '',
      /warn pjsip: who calls is looked for by address/,
    ],
  ])('%s is found in %s', async (_, file, what, instead, message) => {
    const found = await examined.examineWith(file, (text) => text.replace(what, instead))
    expect(troubles(found).join('\n')).toMatch(message)
    expect(found.join('\n')).not.toContain('hidden')
    for (const line of troubles(found)) expect(line).toMatch(/ → ./)
  })

  test('what was changed and not read again is found, by who may use the console', async () => {
    const { host, port } = examined.asterisk.ami
    const about = { ami: { ...account, host, port } }
    expect(troubles(await examined.examine(about))).toEqual([])
    const other = (text: string) =>
      text.replace(/^(voicemail => curl,http:\/\/)[^:]+/m, '$1localhost')
    expect(troubles(await examined.examineWith('extconfig.conf', other, about))).toEqual([
      expect.stringMatching(
        /^warn extconfig: extconfig\.conf was changed .*\(voicemail\) → asterisk -rx/,
      ),
    ])
  })
})

test('over https, what makes it worthless is found', async () => {
  const expected = { scheme: 'https' as const, ports: [8070], token: null, isListed: true }
  const found = await examined.examineWith(
    'res_curl.conf',
    (text) => `${text}\nssl_verifypeer = 0\n`,
    { expected },
  )
  expect(troubles(found).join('\n')).toMatch(
    /warn res_curl: ssl_verifypeer is off: .* → ssl_cainfo/,
  )
  expect(troubles(found).join('\n')).toMatch(/fail extconfig: ps_auths is asked by http:/)
})

describe('phones that Asterisk cannot know of', () => {
  const woken = { scheme: 'http', token: null, isListed: false } as const
  const ports = () => [examined.company.service.pbx.port]
  const withCommand = () => {
    const { host, port } = examined.asterisk.ami
    return { ami: { ...account, host, port }, expected: { ...woken, ports: ports() } }
  }

  test('are woken by who may use the console', async () => {
    const found = await examined.examine(withCommand())
    expect(troubles(found)).toEqual([])
    expect(found.join('\n')).toMatch(/ok waking: each phone that registers is made known/)
  })

  test('are not woken by who may not', async () => {
    const found = await examined.examine({ expected: { ...woken, ports: ports() } })
    expect(troubles(found)).toEqual([
      expect.stringMatching(
        /^warn waking: phones are not woken.* → write = system,command in manager\.conf \[peerage\]/,
      ),
    ])
  })

  test('because Asterisk keeps registrations itself', async () => {
    const local = (text: string) =>
      text.replace('contact = realtime,ps_contacts', 'contact = astdb,registrar')
    const found = await examined.examineWith('sorcery.conf', local, withCommand())
    expect(troubles(found)).toEqual([
      expect.stringMatching(/^warn waking: Asterisk keeps registrations itself/),
    ])
  })

  test('because it asks for no list', async () => {
    const none = (text: string) =>
      text.replace(/^(aor = realtime,ps_aors)$/m, '$1,allow_unqualified_fetch=no')
    const found = await examined.examineWith('sorcery.conf', none)
    expect(troubles(found)).toEqual([expect.stringMatching(/^warn waking: .* no list at all/)])
  })
})

test('many people in the list of everybody are said, with the seconds that they cost', async () => {
  const service = { someone: null, people: 30_000, probe: async () => [] }
  const found = await examined.examine({ service })
  expect(troubles(found)).toContainEqual(
    expect.stringMatching(
      /^warn waking: .* list of 30000 people, which takes it 15 s .* → listEverybody: false .* write = system,command in manager\.conf \[peerage\]/,
    ),
  )
})
