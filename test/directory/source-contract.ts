import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DirectorySource, EntryRequest } from '../../src/directory/source.ts'
import { checkAll, readAll } from './reading.ts'

/** A directory that holds the people of `contractPeople`, beside whatever else it holds. */
export interface ContractDirectory extends AsyncDisposable {
  /** What must be asked for to find them, with the directory's own id and login attribute. */
  readonly request: EntryRequest
  readonly userAttribute: string
  open(request: EntryRequest): DirectorySource
  /** The same directory, as one that cannot be reached. */
  openUnreachable(request: EntryRequest): DirectorySource
}

/** Login, name and number; what a directory is filled with for the contract. */
export const contractPeople = [
  { user: 'ada', name: 'Ada Müller', number: '+49 30 1234 1000' },
  { user: 'grace', name: 'Grace Łukasz', number: '+49 30 1234 1001' },
  { user: 'linus', name: 'Linus', number: null },
] as const

/** What every kind of directory source has to do alike. */
export function sourceContract(name: string, start: () => Promise<ContractDirectory>): void {
  describe(`the contract of a directory source: ${name}`, () => {
    let directory: ContractDirectory
    const neverAborted = new AbortController().signal

    beforeAll(async () => {
      directory = await start()
    }, 120_000)

    afterAll(() => directory?.[Symbol.asyncDispose]())

    const readPeople = async (request = directory.request) => {
      await using source = directory.open(request)
      const { entries } = await readAll(source)
      return contractPeople.map(({ user }) => {
        const [entry, second] = entries.filter(
          ({ attributes }) => attributes.get(directory.userAttribute.toLowerCase())?.[0] === user,
        )
        expect(second).toBeUndefined()
        return entry
      })
    }

    test('hands out every person once, with text as it was written', async () => {
      const people = await readPeople()
      expect(people.map((entry) => entry?.attributes.get('cn'))).toEqual(
        contractPeople.map(({ name }) => [name]),
      )
      expect(people.map((entry) => entry?.attributes.get('telephonenumber'))).toEqual(
        contractPeople.map(({ number }) => (number === null ? undefined : [number])),
      )
      expect(people.every((entry) => entry?.dn.toLowerCase().includes(','))).toBe(true)
    })

    test('gives each person an id that is the same at the next read', async () => {
      const first = (await readPeople()).map((entry) => entry?.id)
      const second = (await readPeople()).map((entry) => entry?.id)
      expect(first).toEqual(second)
      expect(new Set(first).size).toBe(contractPeople.length)
      for (const id of first) expect(id).toMatch(/^[\da-z-]+$/)
    })

    test('names attributes in lower case and hands out only those that were asked for', async () => {
      const asked = [...directory.request.attributes, directory.request.id.attribute]
      const allowed = new Set(asked.map((attribute) => attribute.toLowerCase()))
      for (const entry of await readPeople()) {
        for (const key of entry?.attributes.keys() ?? []) expect(allowed).toContain(key)
      }
    })

    test('the filter chooses', async () => {
      const { request, userAttribute } = directory
      const filter = `(&${request.filter}(|(${userAttribute}=ADA)(cn=gra*łukasz)))`
      const [ada, grace, linus] = await readPeople({ ...request, filter })
      expect([ada?.attributes.get('cn'), grace?.attributes.get('cn'), linus]).toEqual([
        ['Ada Müller'],
        ['Grace Łukasz'],
        undefined,
      ])
    })

    test('a directory that cannot be reached throws, and check says so without throwing', async () => {
      await using source = directory.openUnreachable(directory.request)
      await expect(readAll(source)).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
      const steps = await checkAll(source)
      expect(steps.at(-1)).toMatchObject({ ok: false })
    })

    test('an aborted read throws', async () => {
      await using source = directory.open(directory.request)
      const aborted = AbortSignal.abort(new Error('stopped'))
      await expect(readAll(source, aborted)).rejects.toThrow('stopped')
    })

    test('a read may be left in the middle, and the next one is whole', async () => {
      await using source = directory.open(directory.request)
      for await (const _batch of source.read(neverAborted)) break
      expect((await readAll(source)).entries.length).toBeGreaterThanOrEqual(contractPeople.length)
    })

    test('two reads at once do not disturb each other', async () => {
      await using source = directory.open(directory.request)
      const [first, second] = await Promise.all([readAll(source), readAll(source)])
      expect(first.entries).toEqual(second.entries)
    })

    test('single entries are read by id, DN and filter, where that is offered', async () => {
      await using source = directory.open(directory.request)
      if (!source.readOne) return expect(source.readOne).toBeUndefined()
      const [ada] = await readPeople()
      const { id = null, dn = '' } = ada ?? {}
      const filter = `(${directory.userAttribute}=ada)`
      for (const what of [{ id: id ?? '' }, { dn }, { filter }]) {
        const found = await source.readOne(what, neverAborted)
        expect(found).toEqual({ entries: [ada], gone: [], problems: [] })
      }
      const nobody = id?.replaceAll(/[\da-f]/g, '0') ?? ''
      expect(await source.readOne({ id: nobody }, neverAborted)).toMatchObject({
        entries: [],
        gone: [nobody],
      })
      for (const what of [{ dn: `cn=nobody,${dn}` }, { filter: '(cn=nobody)' }]) {
        const found = await source.readOne(what, neverAborted)
        expect(found).toEqual({ entries: [], gone: [], problems: [] })
      }
    })

    test('who is outside the filter is not read, whatever names him', async () => {
      const [ada] = await readPeople()
      const { id, dn = '' } = ada ?? {}
      const filter = `(&${directory.request.filter}(!(${directory.userAttribute}=ada)))`
      await using source = directory.open({ ...directory.request, filter })
      const found = await source.readOne?.({ id: id ?? '' }, neverAborted)
      expect(found?.gone ?? [id]).toEqual([id])
      expect((await source.readOne?.({ dn }, neverAborted))?.entries ?? []).toEqual([])
    })

    test('whoever follows it is told to read first of all', async () => {
      await using source = directory.open(directory.request)
      const stop = new AbortController()
      const changes = source.changes?.(stop.signal)[Symbol.asyncIterator]()
      expect(await changes?.next()).toEqual({ done: false, value: { kind: 'read-again' } })
      const next = changes?.next()
      stop.abort()
      expect((await next)?.done).toBe(true)
    })

    test('check ends with a count and a sample', async () => {
      await using source = directory.open(directory.request)
      const steps = await checkAll(source)
      expect(steps.filter(({ ok }) => !ok)).toEqual([])
      expect(steps.slice(-2).map(({ step }) => step)).toEqual(['count', 'sample'])
    })
  })
}
