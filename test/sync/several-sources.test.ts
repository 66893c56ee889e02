import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { openLogger } from '../../src/logger.ts'
import { startService, type Service } from '../../src/service.ts'
import { entry } from '../support/service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const office = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    entry(`p${index}`, index + 1, {
      cn: `Person ${index}`,
      telephoneNumber: String(501 + index),
      mail: `p${index}@example.org`,
    }),
  ).join('')

const hr = (...uids: readonly string[]) =>
  uids
    .map((uid, index) =>
      entry(uid, 90 + index, { mail: `${uid}@example.org`, mobile: '0171 1234567', title: 'Dr' }),
    )
    .join('')

const both = 'join: { to: office, by: email }'

async function opened(yaml: string, ldifs: Readonly<Record<string, string>>, before?: string) {
  await using stack = new AsyncDisposableStack()
  const folder = before ?? stack.use(await temporaryFolder()).path
  for (const [name, ldif] of Object.entries(ldifs)) await writeFile(join(folder, name), ldif)
  const text = `
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
site: { country: DE, extensionLength: [3] }
sources:
${yaml}
`
  const config = parseConfig(text, join(folder, 'peerage.yaml'), {})
  const service = stack.use(await startService(config, { log: openLogger('silent') }))
  await service.ready
  const moved = stack.move()
  return { service, folder, [Symbol.asyncDispose]: () => moved.disposeAsync() }
}

const line = (name: string, more = '') =>
  `  ${name}: { preset: openldap, ldif: ./${name}.ldif, ${more} }`
const ids = ({ people }: Service) => [...people.members()].map(({ person }) => person.id)
const api = async (service: Service, method: string, path: string) => {
  const answer = await fetch(`http://127.0.0.1:${service.web.port}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${service.newToken ?? (await service.state.tokens.make('test'))}`,
    },
  })
  return (await answer.json()) as Record<string, unknown>
}

describe('a person in two sources', { timeout: 20_000 }, () => {
  const yaml = `${line('office', 'leavers: { grace: 0h, deleteAfter: 30d }')}\n${line('hr', both)}`

  test('is one, and stays one after a restart with both directories dead', async () => {
    await using first = await opened(yaml, { 'office.ldif': office(3), 'hr.ldif': hr('p1', 'new') })
    expect(ids(first.service)).toHaveLength(4)
    expect(first.service.people.byExtension('502')?.details.title).toBe('Dr')
    const secret = first.service.state.secrets.sip(
      first.service.people.byExtension('502')?.id ?? '',
    )
    await first.service[Symbol.asyncDispose]()
    const dead = { 'office.ldif': '', 'hr.ldif': '' }
    await using second = await opened(yaml, dead, first.folder)
    const ada = second.service.people.byExtension('502')
    expect(ada?.details.title).toBe('Dr')
    expect(second.service.state.secrets.sip(ada?.id ?? '')).toBe(secret)
    const { found } = await api(second.service, 'GET', '/lookup?q=502')
    expect(found).toMatchObject([{ joined: [{ source: 'hr' }] }])
  })

  test('who left the first source keeps id and secret while the other has him', async () => {
    await using it = await opened(yaml, {
      'office.ldif': office(3),
      'hr.ldif': entry('p1', 91, { mail: 'p1@example.org', telephoneNumber: '502', cn: 'Of HR' }),
    })
    const { service, folder } = it
    const id = service.people.byExtension('502')?.id ?? ''
    const secret = service.state.secrets.sip(id)
    await writeFile(join(folder, 'office.ldif'), office(1))
    await service.sync('office')
    expect(service.people.byExtension('502')).toMatchObject({ id, name: 'Of HR' })
    expect(service.people.byExtension('503')).toBeUndefined()
    expect(service.state.secrets.sip(id)).toBe(secret)
    expect(service.people.countOf('office')).toBe(3)
    await writeFile(join(folder, 'office.ldif'), office(3))
    await service.sync('office')
    expect(service.people.byExtension('502')).toMatchObject({ id, name: 'Person 1' })
  })

  test('who was in the later source first keeps his secret when the earlier one has him', async () => {
    const his = entry('p1', 91, { mail: 'p1@example.org', telephoneNumber: '502', cn: 'Of HR' })
    await using it = await opened(yaml, { 'office.ldif': office(1), 'hr.ldif': his })
    const { service, folder } = it
    const alone = service.people.byExtension('502')?.id ?? ''
    const secret = service.state.secrets.sip(alone)
    await writeFile(join(folder, 'office.ldif'), office(3))
    await service.sync('office')
    const { id = '' } = service.people.byExtension('502') ?? {}
    expect(id).toMatch(/^office\//)
    expect(service.state.secrets.sip(id)).toBe(secret)
    await writeFile(join(folder, 'hr.ldif'), hr('other'))
    await service.sync('hr')
    expect(service.state.secrets.sip(id)).toBe(secret)
  })

  test('is a listed problem and nobody’s double when two could be meant', async () => {
    const twice = hr('p1') + entry('q', 95, { mail: 'P1@example.org', mobile: '0171 7654321' })
    await using it = await opened(yaml, { 'office.ldif': office(3), 'hr.ldif': twice })
    expect(ids(it.service)).toHaveLength(5)
    const [run] = await it.service.sync('hr')
    expect(run?.problems.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^not joined with office: 3 people have email "p1@example.org": Person 1/,
      ),
    ])
  })

  test('is two without a join', async () => {
    const apart = `${line('office')}\n${line('hr')}`
    await using it = await opened(apart, { 'office.ldif': office(3), 'hr.ldif': hr('p1') })
    expect(ids(it.service)).toHaveLength(4)
    expect(it.service.people.byExtension('502')?.details.title).toBeUndefined()
  })
})

test.each([
  ['to: hr, by: email', /no source 'hr' stands before this one; these do: office/],
  ['to: office, by: email, fields: [sipSecret]', /no field "sipSecret" that could be filled/],
  ['to: office, by: nothing', /join/],
])('join { %s } is refused with the reason', (options, reason) => {
  const text = `site: { country: DE }\nsources:\n${line('office')}\n${line('hr', `join: { ${options} }`)}\n`
  expect(() => parseConfig(text, 'peerage.yaml', {})).toThrow(reason)
})

// Each starts the service two to four times.
describe('a source that is removed from the configuration', { timeout: 20_000 }, () => {
  const yaml = `${line('office')}\n${line('hr', both)}`
  const ldifs = { 'office.ldif': office(3), 'hr.ldif': hr('p1', 'x', 'y') }

  const removed = async (more = '') => {
    const first = await opened(yaml, ldifs)
    const { service, folder } = first
    expect(service.people.size).toBe(5)
    const secret = service.state.secrets.sip(service.people.byUser('x')[0]?.id ?? '')
    await service[Symbol.asyncDispose]()
    return { first, folder, secret, again: await opened(line('office', more), {}, folder) }
  }

  test('is a plan that is held; its people are answered until it is approved', async () => {
    const { first, again, secret } = await removed()
    await using _first = first
    await using it = again
    const { service } = it
    expect(service.people.size).toBe(5)
    expect(service.people.byExtension('502')?.details.title).toBe('Dr')
    const { id = '' } = service.people.byUser('x')[0] ?? {}
    expect(service.state.secrets.sip(id)).toBe(secret)
    const { plans } = await api(service, 'GET', '/plans')
    expect(plans).toMatchObject([
      { status: 'held', source: 'hr', people: 3, excess: [{ kind: 'source' }] },
    ])
    expect((await service.state.runs.newest(1, 'hr'))[0]?.error).toMatch(
      /^source 'hr' was removed from the configuration: 3 people, 0 extensions would go/,
    )
    expect(await api(service, 'POST', '/plans/1/approve')).toMatchObject({ approved: true })
    expect(service.people.size).toBe(3)
    expect(service.people.byExtension('502')?.details.title).toBeUndefined()
    expect(service.state.secrets.sip(id)).toBeUndefined()
    expect(await service.state.people.sources()).toEqual(['office'])
  })

  test('is not asked about again once it was rejected, until the sources are others', async () => {
    const { first, again, folder } = await removed()
    await using _first = first
    expect(await api(again.service, 'POST', '/plans/1/reject')).toEqual({ rejected: true })
    await again.service[Symbol.asyncDispose]()
    const third = await opened(line('office'), {}, folder)
    expect(third.service.people.size).toBe(5)
    expect(await third.service.state.plans.heldOf('hr')).toBeUndefined()
    await third.service[Symbol.asyncDispose]()
    await using fourth = await opened(line('office', 'importGroup: all'), {}, folder)
    expect(await fourth.service.state.plans.heldOf('hr')).toMatchObject({ status: 'held' })
  })

  test('stays the same plan through restarts, and is gone when the source is back', async () => {
    const { first, again, folder } = await removed()
    await using _first = first
    await again.service[Symbol.asyncDispose]()
    const third = await opened(line('office'), {}, folder)
    expect((await third.service.state.plans.newest(9)).map(({ id }) => id)).toEqual([1])
    await third.service[Symbol.asyncDispose]()
    await using back = await opened(yaml, {}, folder)
    expect((await back.service.state.plans.get(1))?.status).toBe('gone')
    expect(back.service.people.size).toBe(5)
    expect(back.service.syncs.map(({ lastRun }) => lastRun?.outcome)).toEqual(['done', 'done'])
  })
})
