import { expect, test } from 'vitest'
import { type FakeReply, startFakeLdap } from './fake-ldap.ts'
import { openPeople, readAll } from './reading.ts'

const base = 'dc=example,dc=org'
const ada = `uid=ada,${base}`

type Attributes = Parameters<FakeReply['entry']>[1]

/** What a read makes of one entry with these attributes. */
async function readEntry(attributes: Attributes, request = {}) {
  await using server = await startFakeLdap((asked, reply) => {
    if (asked.kind !== 'search') return
    reply.entry(ada, attributes)
    reply.done({ cookie: '' })
  })
  const source = openPeople({ base, servers: [server.url], tls: 'none' }, request)
  const { entries, problems } = await readAll(source)
  return {
    entry: entries[0],
    attributes: Object.fromEntries(entries[0]?.attributes ?? []),
    problems,
  }
}

test('names are lower case, values keep their order, and empty attributes are absent', async () => {
  const { entry, attributes } = await readEntry([
    ['telephoneNumber', ['+49 30 2', '+49 30 1']],
    ['description;lang-EN', ['engineer']],
    ['mail', []],
    ['entryUUID', ['a-1']],
  ])
  expect(entry?.id).toBe('a-1')
  expect(attributes).toEqual({
    telephonenumber: ['+49 30 2', '+49 30 1'],
    'description;lang-en': ['engineer'],
    entryuuid: ['a-1'],
  })
})

test('an attribute that comes twice in an entry keeps the values of both', async () => {
  const { attributes } = await readEntry([
    ['telephoneNumber', ['1']],
    ['cn', ['Ada']],
    ['telephoneNumber', ['2', '3']],
  ])
  expect(attributes['telephonenumber']).toEqual(['1', '2', '3'])
})

test('an entry without the id attribute has no id', async () => {
  const { entry } = await readEntry([['cn', ['Ada']]])
  expect(entry?.id).toBeNull()
})

test('objectGUID becomes text in its mixed order, even when its bytes happen to be UTF-8', async () => {
  const ascii = Buffer.from('0123456789abcdef')
  const { entry } = await readEntry([['objectGUID', [ascii]]], {
    id: { attribute: 'objectGUID', form: 'guid' },
  })
  expect(entry?.id).toBe('33323130-3534-3736-3839-616263646566')
})

test('a GUID of the wrong length is named, and the entry has no id', async () => {
  const { entry, problems } = await readEntry([['objectGUID', [Buffer.from('short')]]], {
    id: { attribute: 'objectGUID', form: 'guid' },
  })
  expect(entry?.id).toBeNull()
  expect(problems).toEqual([
    { entry: ada, attribute: 'objectguid', text: expect.stringContaining('expected a GUID of 16') },
  ])
})

test('objectSid becomes the text that administrators know', async () => {
  const sid = Buffer.from('010500000000000515000000aabbccdd0102030405060708e8030000', 'hex')
  const { attributes } = await readEntry([['objectSid', [sid]]])
  expect(attributes['objectsid']).toEqual(['S-1-5-21-3721182122-67305985-134678021-1000'])
})

test('a value that is not UTF-8 is left out and named; the rest of the entry stays', async () => {
  const { attributes, problems } = await readEntry([
    ['cn', ['Ada']],
    ['sn', [Buffer.from([0x4d, 0xfc, 0x6c])]],
    ['mail', [Buffer.from([0xff]), 'ada@example.org']],
  ])
  expect(attributes).toEqual({ cn: ['Ada'], mail: ['ada@example.org'] })
  expect(problems).toEqual([
    { entry: ada, attribute: 'sn', text: expect.stringContaining('not UTF-8') },
    { entry: ada, attribute: 'mail', text: expect.stringContaining('not UTF-8') },
  ])
})

test('a value of a megabyte is left out and named', async () => {
  const { attributes, problems } = await readEntry([
    ['description', ['x'.repeat(1024 * 1024)]],
    ['cn', ['Ada']],
  ])
  expect(attributes).toEqual({ cn: ['Ada'] })
  expect(problems[0]).toMatchObject({ entry: ada, attribute: 'description' })
  expect(problems[0]?.text).toContain('1048576 bytes')
})

test('a list of a hundred thousand values is kept whole', async () => {
  const members = Array.from({ length: 100_000 }, (_, index) => `uid=u${index},${base}`)
  const { attributes } = await readEntry([['member', members]])
  expect(attributes['member']).toEqual(members)
})

test('";binary" is the way of transfer and no part of the name', async () => {
  const { attributes } = await readEntry([['cn;binary', ['Ada']]])
  expect(attributes).toEqual({ cn: ['Ada'] })
})

test('a list in ranges is fetched to its end, under the bare name', async () => {
  const all = Array.from({ length: 3500 }, (_, index) => `CN=u${index},${base}`)
  await using server = await startFakeLdap((asked, reply) => {
    if (asked.kind !== 'search') return
    const [, from = '0'] = /^member;range=(\d+)-\*$/.exec(asked.attributes[0] ?? '') ?? []
    const [first, end] = [Number(from), Math.min(Number(from) + 1500, all.length)]
    const last = end === all.length ? '*' : String(end - 1)
    if (asked.scope === 2)
      reply.entry(ada, [
        ['member', []],
        [`member;range=0-1499`, all.slice(0, 1500)],
      ])
    else reply.entry(ada, [[`member;Range=${first}-${last}`, all.slice(first, end)]])
    reply.done({ cookie: '' })
  })
  const { entries } = await readAll(openPeople({ base, servers: [server.url], tls: 'none' }))
  expect(entries).toHaveLength(1)
  expect(entries[0]?.attributes.get('member')).toEqual(all)
  expect([...(entries[0]?.attributes.keys() ?? [])]).toEqual(['member'])
  const asked = server.requests.flatMap((each) => (each.kind === 'search' ? [each.attributes] : []))
  expect(asked.slice(1)).toEqual([['member;range=1500-*'], ['member;range=3000-*']])
})

test('a range that is not answered makes the read incomplete', async () => {
  await using server = await startFakeLdap((asked, reply) => {
    if (asked.kind !== 'search') return
    if (asked.scope === 2) reply.entry(ada, [['member;range=0-1', ['a', 'b']]])
    reply.done({ cookie: '' })
  })
  await expect(
    readAll(openPeople({ base, servers: [server.url], tls: 'none' })),
  ).rejects.toMatchObject({
    code: 'DIRECTORY_INCOMPLETE',
    message: expect.stringContaining('member;range=2-*'),
  })
})
