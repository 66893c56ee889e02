import { expect, test } from 'vitest'
import type { EntryBatch } from '../../src/directory/source.ts'
import { type FakeReply, startFakeLdap } from './fake-ldap.ts'
import { openPeople } from './reading.ts'

const base = 'dc=example,dc=org'

type Attributes = Parameters<FakeReply['entry']>[1]

const ada: Attributes = [
  ['entryUUID', ['id-ada']],
  ['cn', ['Ada']],
  ['telephoneNumber', ['1', '2']],
]

/** Reads twice; the second time, all that had a print before is known. */
async function readAgain(first: Attributes, second: Attributes, secondDn = `uid=ada,${base}`) {
  let reads = 0
  await using server = await startFakeLdap((asked, reply) => {
    if (asked.kind !== 'search') return
    const isRest = asked.scope === 0
    if (isRest) reply.entry(secondDn, [['member;range=1-*', ['more']]])
    else if (reads++ === 0) reply.entry(`uid=ada,${base}`, first)
    else reply.entry(secondDn, second, { '1.2.3': Buffer.from('a control is no part of it') })
    reply.done({ cookie: '' })
  })
  const source = openPeople({ base, servers: [server.url], tls: 'none' })
  const known = new Map<string, string>()
  const idOf = (print: string) => known.get(print)
  const read = async () => {
    const batches = await Array.fromAsync(source.read(new AbortController().signal, { idOf }))
    return batches.at(0) as EntryBatch // one entry, one batch
  }
  const before = await read()
  for (const { id, print } of before.entries) if (id && print) known.set(print, id)
  return { before, after: await read(), known }
}

test('an entry that is known comes as its print only', async () => {
  const { before, after, known } = await readAgain(ada, ada)
  expect(before.entries[0]?.attributes.get('cn')).toEqual(['Ada'])
  expect(after).toEqual({ entries: [], unchanged: [...known.keys()], problems: [] })
  expect(known.size).toBe(1)
})

test.each<[string, Attributes]>([
  [
    'another value',
    [
      ['entryUUID', ['id-ada']],
      ['cn', ['Eve']],
      ['telephoneNumber', ['1', '2']],
    ],
  ],
  [
    'one value less',
    [
      ['entryUUID', ['id-ada']],
      ['cn', ['Ada']],
      ['telephoneNumber', ['1']],
    ],
  ],
  ['values in another order', [...ada.slice(0, 2), ['telephoneNumber', ['2', '1']]]],
  ['a value that went to the next attribute', [...ada.slice(0, 1), ['cn', []], ['sn', ['Ada']]]],
  ['nothing but its id', ada.slice(0, 1)],
])('an entry with %s comes whole', async (_what, second) => {
  const { after } = await readAgain(ada, second)
  expect(after.unchanged).toEqual([])
  expect(after.entries).toHaveLength(1)
})

test('an entry that was only moved comes whole, with its new name', async () => {
  const { after } = await readAgain(ada, ada, `uid=ada,ou=moved,${base}`)
  expect(after.entries[0]?.dn).toBe(`uid=ada,ou=moved,${base}`)
})

test('what is wrong with an entry is told at every read', async () => {
  const broken: Attributes = [...ada, ['sn', [Buffer.from([0xff])]]]
  const { before, after } = await readAgain(broken, broken)
  expect(before.problems).toHaveLength(1)
  expect(after).toMatchObject({ unchanged: [], problems: before.problems })
})

test('a list that comes in parts is fetched at every read, since its end may have changed', async () => {
  const listed: Attributes = [...ada, ['member;range=0-0', ['first']]]
  const { after } = await readAgain(listed, listed)
  expect(after.unchanged).toEqual([])
  expect(after.entries[0]?.attributes.get('member')).toEqual(['first', 'more'])
})
