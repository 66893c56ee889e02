import { afterAll, beforeAll, expect, test } from 'vitest'
import { openExamined, troubles, type Examined } from './examined.ts'

const cached = { 'sip_trunks.conf': 'rtcachefriends = yes\nrtsavesysname = no\n' }

let examined: Examined
beforeAll(async () => {
  examined = await openExamined({ version: 16, files: cached })
})
afterAll(() => examined[Symbol.asyncDispose]())

test('an Asterisk 16 with a cache has nothing to complain about, and each look-up is proven', async () => {
  const found = await examined.examine()
  expect(troubles(found)).toEqual([])
  expect(found.join('\n')).toMatch(/ok rights: system, command/)
  expect(found.join('\n')).toMatch(/ok probe: sippeers is asked here, by 127\.0\.0\.1, in \d+ ms/)
  expect(found.join('\n')).toMatch(/ok person: Asterisk accepts what Peerage answers for 501/)
})

test('what stands in the file, but not in Asterisk, is found', async () => {
  const found = await examined.examineWith('extconfig.conf', (text) =>
    text.replace(/^(voicemail => curl,http:\/\/)[^:]+/m, '$1localhost'),
  )
  expect(troubles(found).join('\n')).toMatch(
    /warn extconfig: extconfig\.conf was changed and not read since \(voicemail\)/,
  )
})

test('a cache that nobody can make forget is found', async () => {
  const { host, port } = examined.asterisk.ami
  const ami = { host, port, user: 'mighty', password: 'secret', tls: false }
  expect(troubles(await examined.examine({ ami })).join('\n')).toMatch(
    /fail caches: rtcachefriends = yes, and nobody can make chan_sip forget/,
  )
})

test('no cache, and registrations that are not handed over, are found', async () => {
  const found = await examined.examineWith('sip_trunks.conf', () => 'rtupdate = no\n')
  expect(troubles(found).join('\n')).toMatch(/warn caches: rtcachefriends = no: 6 questions/)
  expect(troubles(found).join('\n')).toMatch(/fail sip: rtupdate = no/)
})
