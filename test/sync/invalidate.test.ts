import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { mountInvalidate } from '../../src/answers/admin/invalidate.ts'
import type { DirectorySource, Entry } from '../../src/directory/source.ts'
import { compileSite } from '../../src/person/site.ts'
import { Directory, entry, openSyncRig } from './directory.ts'

type What = Parameters<NonNullable<DirectorySource['readOne']>>[0]

/** A directory that can be asked for one entry. */
class AskedDirectory extends Directory {
  readonly asked: What[] = []

  async readOne(what: What) {
    this.asked.push(what)
    const fits = ({ id, dn }: Entry) =>
      'id' in what ? id === what.id : 'dn' in what && dn === what.dn
    const entries = this.entries.filter(fits)
    const gone = 'id' in what && entries.length === 0 ? [what.id] : []
    return { entries, gone, problems: [] }
  }
}

async function open() {
  const directory = new AskedDirectory()
  const it = await openSyncRig({ directory })
  directory.entries = [entry('ada', '501'), entry('bob', '502')]
  await it.run()
  const app = Fastify()
  const { people, state, stop, sync } = it
  const { secrets, contacts, registrations } = state
  mountInvalidate(app, {
    people,
    secrets,
    contacts,
    registrations,
    site: compileSite({ country: 'DE' }),
    syncs: [sync],
    sync: async () => [await it.run()],
    signal: stop.signal,
  })
  const ask = async (body: object) => {
    const answer = await app.inject({ method: 'POST', url: '/invalidate', body })
    return (answer.json() as { runs: { outcome: string }[] }).runs
  }
  return Object.assign(it, { directory, ask })
}

test.each([
  ['number', '502', { id: 'bob' }],
  ['id', 'test/bob', { id: 'bob' }],
  ['dn', 'uid=bob,ou=people', { dn: 'uid=bob,ou=people' }],
])('by %s only that entry is read again', async (kind, value, what) => {
  await using it = await open()
  it.directory.entries = [entry('ada', '599'), entry('bob', '598')]
  expect(await it.ask({ [kind]: value })).toMatchObject([
    { outcome: 'done', counts: { changed: 1 } },
  ])
  expect(it.directory.asked).toEqual([what])
  expect(it.directory.reads).toBe(1)
  expect(it.people.byExtension('598')?.id).toBe('test/bob')
  expect(it.people.byExtension('501')?.id).toBe('test/ada')
})

test('somebody who is gone is missing, somebody who is as he was makes no run', async () => {
  await using it = await open()
  expect(await it.ask({ number: '502' })).toEqual([])
  it.directory.entries = [entry('ada', '501')]
  expect(await it.ask({ number: '502' })).toMatchObject([{ counts: { missing: 1 } }])
})

test('who is not known yet means reading everything', async () => {
  await using it = await open()
  it.directory.entries.push(entry('eve', '503'))
  expect(await it.ask({ user: 'eve' })).toMatchObject([{ counts: { added: 1 } }])
  expect(it.directory.reads).toBe(2)
})
