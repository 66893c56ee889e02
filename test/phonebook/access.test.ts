import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { named, openOffice, type Office } from './office.ts'

const ina = named('501', 'Ina', 'Berg', {
  mobile: '+491701234567',
  groups: ['cn=sales,ou=groups'],
  details: { department: 'Sales' },
})
const otto = named('502', 'Otto', 'Tal')
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

function digestAnswer(office: Office, header: string, uri: string): string {
  const nonce = /nonce="([^"]+)"/.exec(header)?.[1] ?? ''
  const ha1 = md5(`000413aabbcc:peerage:${office.token}`)
  const response = md5(`${ha1}:${nonce}:00000001:abc:auth:${md5(`GET:${uri}`)}`)
  return `Digest username="000413aabbcc", realm="peerage", nonce="${nonce}", uri="${uri}", qop=auth, nc=00000001, cnonce="abc", response="${response}"`
}

describe('who may read', () => {
  test('a token in the path, and nobody with another one', async () => {
    await using office = await openOffice([ina])
    expect((await office.ask('snom/TOKEN/find')).status).toBe(200)
    const refused = await office.ask('snom/AAAAAAAAAAAAAAAAAAAAAA/find')
    expect(refused).toMatchObject({ status: 401, body: Buffer.alloc(0) })
  })

  test('the name of the view with the token as password: Basic', async () => {
    await using office = await openOffice([ina])
    const basic = (text: string) => ({
      authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    })
    expect((await office.ask('snom/staff/find')).status).toBe(401)
    expect((await office.ask('snom/staff/find', basic(`any:${office.token}`))).status).toBe(200)
    expect((await office.ask('snom/staff/find', basic('any:wrong'))).status).toBe(401)
  })

  test('Digest, for this address and not for another one', async () => {
    await using office = await openOffice([ina])
    const challenge = (await office.ask('snom/staff/find')).headers['www-authenticate'] ?? ''
    const authorization = digestAnswer(office, challenge, '/pb/snom/staff/find')
    expect((await office.ask('snom/staff/find', { authorization })).status).toBe(200)
    expect((await office.ask('snom/staff/tbook.xml', { authorization })).status).toBe(401)
    const tampered = authorization.replace(/response="./, 'response="x')
    expect((await office.ask('snom/staff/find', { authorization: tampered })).status).toBe(401)
  })

  test('a network that the view is open to, and only that view', async () => {
    const views = {
      staff: {},
      lobby: { openTo: ['192.0.2.0/24'] },
      cellar: { openTo: ['10.0.0.0/8'] },
    }
    await using office = await openOffice([ina], { views })
    expect((await office.ask('snom/lobby/find')).status).toBe(200)
    expect((await office.ask('snom/cellar/find')).status).toBe(401)
  })

  test('nobody from outside the networks, with whatever token', async () => {
    await using office = await openOffice([ina], { networks: ['10.0.0.0/8', '2001:db8::/32'] })
    expect((await office.ask('snom/TOKEN/find')).status).toBe(403)
  })

  test('not who was revoked', async () => {
    await using office = await openOffice([ina])
    expect((await office.ask('snom/TOKEN/find')).status).toBe(200)
    expect(await office.tokens.revoke(1)).toBe(true)
    expect((await office.ask('snom/TOKEN/find')).status).toBe(401)
    expect(await office.tokens.revoke(1)).toBe(false)
  })

  test('not who asks more than any phone does, until a moment later', async () => {
    let time = 1_700_000_000_000
    await using office = await openOffice([ina], { requestsPerMinute: 60, now: () => time })
    for (let count = 0; count < 60; count++) await office.ask('snom/TOKEN/find')
    expect((await office.ask('snom/TOKEN/find')).status).toBe(429)
    time += 2000
    expect((await office.ask('snom/TOKEN/find')).status).toBe(200)
  })

  test('not who guesses tokens', async () => {
    await using office = await openOffice([ina])
    for (let count = 0; count < 60; count++)
      await office.ask(`snom/${'A'.repeat(20)}${10 + count}/find`)
    expect((await office.ask('snom/TOKEN/find')).status).toBe(429)
  })
})

test('a token shows when, from where and by which model it was used', async () => {
  await using office = await openOffice([ina])
  await office.ask('grandstream/TOKEN/phonebook.xml', {
    'user-agent': 'Grandstream Model HW GXP2135 SW 1.0.7.97 DevId 000b828aa872',
  })
  expect(office.tokens.list()[0]?.lastUse).toEqual({
    at: 1_700_000_000_000,
    from: '192.0.2.7',
    by: 'GXP2135 1.0.7.97',
  })
})

test('the maker is told by the path, whatever a softphone calls itself', async () => {
  await using office = await openOffice([ina])
  const headers = { 'user-agent': 'fanvil yealink grandstream vpbxCommunicator' }
  expect(await office.read('yealink/TOKEN/book.xml', headers)).toMatch(/<YealinkIPPhoneDirectory>/)
  expect((await office.ask('nobody/TOKEN/book.xml', headers)).status).toBe(404)
})

test('a model with known limits gets what it can take', async () => {
  const many = Array.from({ length: 1005 }, (_, at) => named(String(2000 + at), null, `B ${at}`))
  await using office = await openOffice(many)
  const agent = (model: string) => ({
    'user-agent': `Grandstream Model HW ${model} SW 1.0.7.97 DevId 000b828aa872`,
  })
  const count = async (model: string) =>
    (await office.read('grandstream/TOKEN/phonebook.xml', agent(model))).match(/<Contact>/g)?.length
  expect(await count('GRP2612')).toBe(1000)
  expect(await count('GXP2170')).toBe(1005)
})

describe('a view', () => {
  test.each([
    ['groups', { groups: ['sales'] }],
    ['departments', { departments: ['sales'] }],
  ])('shows only whom its %s hold', async (_, options) => {
    await using office = await openOffice([ina, otto], { views: { staff: options } })
    const text = await office.read('neutral/TOKEN/contacts.csv')
    expect(text).toContain('Berg')
    expect(text).not.toContain('Tal')
  })

  test('neither shows nor finds numbers and fields that are not for it', async () => {
    const views = { staff: { numbers: ['extension' as const], fields: [] } }
    await using office = await openOffice([ina, otto], { views })
    expect(await office.read('neutral/TOKEN/contacts.csv')).not.toMatch(/1701234567|Sales/)
    expect(await office.read('snom/TOKEN/find?q=1701234')).not.toContain('Berg')
    expect(await office.read('snom/TOKEN/find?q=sales')).not.toContain('Berg')
    expect(await office.read('snom/TOKEN/find?q=501')).toContain('Berg')
  })

  test('speaks the language of its phones', async () => {
    await using office = await openOffice([ina], { views: { staff: { language: 'uk' } } })
    expect(await office.read('yealink/TOKEN/book.xml')).toContain('label="Мобільний"')
  })
})
