import { expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

interface Page extends Record<string, unknown> {
  readonly next: string | null
}

function reader({ service }: TestService) {
  const headers = { authorization: `Bearer ${service.newToken}` }
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${service.web.port}/api${path}`, { headers })
  const page = async (path: string): Promise<Page> => (await ask(path)).json() as Promise<Page>
  /** Every page of a list; `between` is done before each but the first. */
  const all = async (path: string, name: string, between = async (_: number) => {}) => {
    const rows: Record<string, unknown>[] = []
    let next: string | null = ''
    for (let count = 0; next !== null; count++) {
      if (count > 0) await between(count)
      const got: Page = await page(
        `${path}${path.includes('?') ? '&' : '?'}cursor=${next}`.replace(/[?&]cursor=$/, ''),
      )
      rows.push(...(got[name] as Record<string, unknown>[]))
      next = got.next
    }
    return rows
  }
  return { ask, page, all }
}

const people = (names: readonly string[], more = (_: number): Record<string, string> => ({})) =>
  names
    .map((cn, at) =>
      entry(`u${at}`, at + 1, { cn, telephoneNumber: String(500 + at), ...more(at) }),
    )
    .join('')
const letters = Array.from('abcdefghijklmnopqrstuvwxyz')

test('whoever is there the whole time is listed once, whatever he is called meanwhile', async () => {
  const names = letters.map((letter) => `${letter} Person`)
  await using company = await startTestService({ ldif: people(names) })
  const rows = await reader(company).all('/people?limit=5', 'people', async (count) => {
    // The first of the list goes behind its end by name, the last before its beginning.
    const renamed = names.map((name, at) =>
      at === count ? `zz ${name}` : at === 26 - count ? `aa ${name}` : name,
    )
    await company.change(people(renamed) + entry(`new${count}`, 50 + count, {}))
  })
  const ids = rows.map(({ id }) => String(id).slice(-2))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => Number(id) <= 26)).toHaveLength(26)
})

test('by name, whoever keeps his name is listed once, while others come and go before and after', async () => {
  const names = letters.map((letter) => `${letter} Person`)
  await using company = await startTestService({
    ldif: people(names),
    leavers: '{ grace: 0h, deleteAfter: 0d }',
  })
  const rows = await reader(company).all('/people?limit=5&order=name', 'people', async (count) => {
    await company.change(
      people(names) + entry(`x${count}`, 60 + count, { cn: `${count % 2 ? 'A' : 'z'} comes` }),
    )
  })
  const kept = rows.map(({ name }) => String(name)).filter((name) => name.endsWith('Person'))
  expect(kept).toEqual(names)
})

test('people are filtered and searched as on the page', async () => {
  const ldif =
    people(['Zoë Müller', 'Bob', 'Carol']) +
    entry('dora', 9, { cn: 'Dora' }) +
    entry('rival', 10, { cn: 'Rival', telephoneNumber: '500' })
  await using company = await startTestService({ ldif })
  const { page, ask, all } = reader(company)
  const namesOf = async (query: string) =>
    ((await page(`/people?order=name&${query}`))['people'] as { name: string }[]).map(
      ({ name }) => name,
    )
  expect(await namesOf('q=zoe')).toEqual(['Zoë Müller'])
  expect(await namesOf('q=501')).toEqual(['Bob'])
  expect(await namesOf('filter=noExtension')).toEqual(['Dora'])
  expect(await namesOf('filter=conflict')).toEqual(['Rival'])
  expect(await page('/people?limit=2&filter=active')).toMatchObject({ total: 5 })
  expect(await all('/conflicts?limit=1', 'conflicts')).toMatchObject([
    { key: '500', kind: 'extension' },
  ])
  expect((await ask('/people?filter=nonsense')).status).toBe(400)
  const whole = await page(
    `/people/${encodeURIComponent('company/00000000-0000-4000-8000-000000000002')}`,
  )
  expect(whole).toMatchObject({
    person: { lifecycle: 'active', person: { name: 'Bob' }, history: [] },
  })
  expect(JSON.stringify(whole)).not.toContain('secret')
  expect((await ask('/people/nobody')).status).toBe(404)
})

test('runs and the audit trail are paged while more of them come', async () => {
  await using company = await startTestService({ ldif: people(['Ada']) })
  const { service } = company
  for (let count = 0; count < 7; count++) await service.sync()
  const before = (await service.state.runs.newest(100)).map(({ id }) => id)
  const seen = await reader(company).all(
    '/runs?limit=3',
    'runs',
    async () => void (await service.sync()),
  )
  expect(seen.map(({ id }) => id)).toEqual(before)
  const entry = { kind: 'change', actor: 'a', address: '', action: 'x', outcome: 'done' } as const
  const note = (at: number) => service.state.audit.add({ ...entry, at, target: String(at) })
  for (let at = 1; at <= 7; at++) await note(at)
  const trail = await reader(company).all('/audit?limit=2', 'entries', async (count) =>
    note(100 + count),
  )
  expect(trail.map(({ target }) => target)).toEqual(['7', '6', '5', '4', '3', '2', '1'])
})

test('numbers that nobody has, reads or owns are paged without a gap where a range grows', async () => {
  const ldif = people(letters.slice(0, 5), (at) => ({
    mobile: `call me ${at}`,
    telephoneNumber: String(500 + at * 10),
  }))
  await using company = await startTestService({ ldif })
  const { all, page } = reader(company)
  const unreadable = await all('/numbers/unreadable?limit=2', 'unreadable')
  expect(unreadable.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((at) => `call me ${at}`))
  const free = await all('/numbers/free?limit=1', 'free')
  expect(free.map(({ first, last }) => `${first}-${last}`)).toEqual([
    '501-509',
    '511-519',
    '521-529',
    '531-539',
  ])
  // 510 is given up after the first page: 501-509 grows to 501-519, of which the rest is listed.
  const grown = await all('/numbers/free?limit=1', 'free', async (count) => {
    if (count === 1)
      await company.change(
        ldif.replace(Buffer.from('510').toString('base64'), Buffer.from('560').toString('base64')),
      )
  })
  const listed = grown.reduce((sum, { count }) => sum + Number(count), 0)
  expect(grown[1]).toMatchObject({ first: '510', last: '519' })
  expect(listed).toBe(9 + 10 + 9 + 9 + 19)
  const unowned = await all('/numbers/unowned?limit=2', 'unowned')
  const total = unowned.reduce((sum, { count }) => sum + Number(count), 0)
  expect(await page('/numbers')).toMatchObject({ unowned: total, unreadable: 5 })
})

test('a cursor of nothing, of another list or of another order is refused', async () => {
  await using company = await startTestService({ ldif: people(letters) })
  const { ask, page } = reader(company)
  const { next } = await page('/people?limit=1')
  const forged = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')
  for (const path of [
    '/people?cursor=%00',
    '/people?cursor=nothing',
    `/people?order=name&cursor=${next}`,
    `/runs?cursor=${next}`,
    `/plans?cursor=${forged(['1; drop table plans'])}`,
    `/audit?cursor=${forged([{ toString: 1 }])}`,
    `/phones?cursor=${forged(null)}`,
    `/numbers/free?cursor=${forged([1])}`,
    `/people?cursor=${'a'.repeat(3000)}`,
    '/people?limit=0',
    '/people?limit=100000',
  ])
    expect([path, (await ask(path)).status]).toEqual([path, 400])
})
