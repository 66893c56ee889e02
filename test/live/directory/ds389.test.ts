import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntryRequest } from '../../../src/directory/source.ts'
import { openPeople, peopleRequest, readAll } from '../../directory/reading.ts'
import { sourceContract } from '../../directory/source-contract.ts'
import { generatedPeople } from '../../rig/generated-people.ts'
import { type Ds389, startDs389 } from '../../rig/ds389.ts'
import { contractLdif } from './contract-ldif.ts'

const request: EntryRequest = { ...peopleRequest, id: { attribute: 'nsUniqueId', form: 'text' } }
const suffix = 'dc=example,dc=org'

let directory: Ds389

beforeAll(async () => {
  const many = generatedPeople({ suffix, count: 1200 })
  directory = await startDs389({ people: `${contractLdif(suffix)}\n${many}` })
})

afterAll(() => directory?.[Symbol.asyncDispose]())

function options() {
  return {
    servers: [directory.ldapsUrl],
    base: directory.suffix,
    caFile: directory.caFile,
    serverName: directory.serverName,
    bind: { user: directory.bindDn, password: directory.bindPassword },
  }
}

sourceContract('389 Directory Server', async () => ({
  request,
  userAttribute: 'uid',
  open: (asked) => openPeople(options(), asked),
  openUnreachable: (asked) => openPeople({ ...options(), servers: ['ldaps://127.0.0.1:1'] }, asked),
  async [Symbol.asyncDispose]() {},
}))

describe('a real 389 Directory Server with 1 200 people', () => {
  test.each([100, 500])('everybody has an nsUniqueId, in pages of %i', async (pageSize) => {
    const { entries } = await readAll(openPeople({ ...options(), pageSize }, request))
    expect(entries).toHaveLength(1203)
    expect(new Set(entries.map(({ id }) => id)).size).toBe(1203)
    for (const { id } of entries) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{8}){3}$/)
  })

  test('StartTLS gives the same', async () => {
    const started = await readAll(openPeople({ ...options(), servers: [directory.url] }, request))
    expect(started.entries).toHaveLength(1203)
  })

  test('an account without rights, to whom it shows nobody, gets no complete read', async () => {
    const bind = { user: `uid=u1000,${directory.peopleBase}`, password: 'pw1000' }
    await expect(readAll(openPeople({ ...options(), bind }, request))).rejects.toMatchObject({
      code: 'DIRECTORY_INCOMPLETE',
      message: expect.stringContaining('no entry below'),
    })
  })

  test('a wrong password is refused', async () => {
    const bind = { user: directory.bindDn, password: 'wrong' }
    await expect(readAll(openPeople({ ...options(), bind }, request))).rejects.toThrow(
      'invalid credentials',
    )
  })

  test('killed in the middle of a read it gives no complete read; started again, it is read', async () => {
    const source = openPeople({ ...options(), pageSize: 100 }, request)
    const reading = (async () => {
      for await (const _batch of source.read(new AbortController().signal)) await directory.kill()
    })()
    await expect(reading).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
    await directory.start()
    expect((await readAll(source)).entries).toHaveLength(1203)
  })
})
