import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Slapd, startSlapd } from '../../rig/slapd.ts'
import { checkAll, openPeople, peopleRequest, readAll } from '../../directory/reading.ts'
import { sourceContract } from '../../directory/source-contract.ts'
import { contractLdif } from './contract-ldif.ts'

sourceContract('OpenLDAP', async () => {
  const slapd = await startSlapd({ people: contractLdif('dc=example,dc=org') })
  const options = optionsFor(slapd)
  return {
    request: peopleRequest,
    userAttribute: 'uid',
    open: (request) => openPeople(options, request),
    openUnreachable: (request) =>
      openPeople({ ...options, servers: ['ldaps://127.0.0.1:1'] }, request),
    [Symbol.asyncDispose]: () => slapd[Symbol.asyncDispose](),
  }
})

function optionsFor(slapd: Slapd) {
  return {
    servers: [slapd.ldapsUrl],
    base: slapd.suffix,
    caFile: slapd.caFile,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
  }
}

describe('a real OpenLDAP with 1 203 people', () => {
  let slapd: Slapd

  beforeAll(async () => {
    slapd = await startSlapd({ people: 1203 })
  })

  afterAll(() => slapd[Symbol.asyncDispose]())

  test.each([1, 7, 100, 500, 1000])('everybody is read in pages of %i', async (pageSize) => {
    const { entries, batchSizes } = await readAll(openPeople({ ...optionsFor(slapd), pageSize }))
    expect(new Set(entries.map(({ id }) => id)).size).toBe(1203)
    expect(entries).toHaveLength(1203)
    expect(Math.max(...batchSizes)).toBe(Math.min(pageSize, 200))
  })

  test('LDAPS, StartTLS and clear text give the same', async () => {
    const options = optionsFor(slapd)
    const { caFile, ...clear } = options
    const [secure, started, plain] = await Promise.all([
      readAll(openPeople(options)),
      readAll(openPeople({ ...options, servers: [slapd.url] })),
      readAll(openPeople({ ...clear, servers: [slapd.url], tls: 'none' })),
    ])
    expect(caFile).toBe(slapd.caFile)
    expect(started.entries).toEqual(secure.entries)
    expect(plain.entries).toEqual(secure.entries)
  })

  test('a number on a line of its own, which slapd keeps as a second attribute, is not lost', async () => {
    const { entries } = await readAll(openPeople(optionsFor(slapd)))
    const withTwo = entries.filter((entry) => entry.attributes.get('telephonenumber')?.length === 2)
    expect(withTwo).toHaveLength(240)
  })

  test('an ordinary user, whom the server cuts at 500, gets no complete read', async () => {
    const bind = { user: `uid=u1000,${slapd.peopleBase}`, password: 'pw1000' }
    const source = openPeople({ ...optionsFor(slapd), bind, pageSize: 100 })
    await expect(readAll(source)).rejects.toMatchObject({
      code: 'DIRECTORY_INCOMPLETE',
      message: expect.stringContaining('size limit exceeded'),
    })
    const steps = await checkAll(source)
    expect(steps.at(-1)).toMatchObject({ step: 'count', ok: false })
  })

  test('a wrong password is told with account and server', async () => {
    const bind = { user: slapd.bindDn, password: 'wrong' }
    await expect(readAll(openPeople({ ...optionsFor(slapd), bind }))).rejects.toThrow(
      `directory 'office': ${slapd.ldapsUrl}: bind: ${slapd.bindDn} is refused: invalid credentials (code 49); check sources.office.bind`,
    )
  })

  test.each(['ldapsUrl', 'url'] as const)(
    'another authority than the one named is refused (%s)',
    async (url) => {
      const options = { ...optionsFor(slapd), servers: [slapd[url]], caFile: slapd.otherCaFile }
      await expect(readAll(openPeople(options))).rejects.toThrow('check caFile')
    },
  )

  test('a certificate for another name is refused, and verify: false takes it', async () => {
    const options = { ...optionsFor(slapd), serverName: 'dc9.example.org' }
    await expect(readAll(openPeople(options))).rejects.toThrow('serverName')
    const { caFile: _caFile, ...unverified } = { ...options, verify: false }
    expect((await readAll(openPeople(unverified))).entries).toHaveLength(1203)
  })

  test('an authority that is not known is refused, with caFile as the remedy', async () => {
    const { caFile: _caFile, ...options } = optionsFor(slapd)
    await expect(readAll(openPeople(options))).rejects.toThrow('name its file as caFile')
  })

  test('an escaped filter reaches the server as it was meant', async () => {
    const filter = '(&(objectClass=inetOrgPerson)(sn=M\\c3\\bcller*))'
    const { entries } = await readAll(openPeople({ ...optionsFor(slapd), filter }))
    expect(entries.length).toBeGreaterThan(100)
    expect(entries.every((entry) => entry.attributes.get('sn')?.[0]?.startsWith('Müller'))).toBe(
      true,
    )
  })

  test('check goes through every step', async () => {
    const steps = await checkAll(openPeople({ ...optionsFor(slapd), servers: [slapd.url] }))
    expect(steps.map(({ step, ok }) => (ok ? step : `!${step}`))).toEqual([
      'tcp',
      'tls',
      'bind',
      'base',
      'rights',
      'changes',
      'count',
      'sample',
    ])
    expect(steps[1]?.detail).toMatch(/TLSv1\.3, certificate of localhost, \d+ days left/)
    expect(steps[5]?.detail).toBe('by syncrepl: the server tells of each at once')
    expect(steps[6]?.detail).toBe('1203 entries')
  })
})

test('a server that is killed in the middle of a read gives no complete read; started again, it is read', async () => {
  await using slapd = await startSlapd({ people: 1000 })
  const source = openPeople({ ...optionsFor(slapd), pageSize: 100 })
  const reading = (async () => {
    let batches = 0
    for await (const _batch of source.read(new AbortController().signal)) {
      batches += 1
      if (batches === 3) await slapd.kill()
    }
  })()
  await expect(reading).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
  await expect(readAll(source)).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
  await slapd.start()
  expect((await readAll(source)).entries).toHaveLength(1000)
})

test('the second server serves while the first is down', async () => {
  await using first = await startSlapd({ people: 10 })
  await using second = await startSlapd({ people: 20 })
  const source = openPeople({
    ...optionsFor(first),
    servers: [first.ldapsUrl, second.ldapsUrl],
    verify: false,
    failedServerRestMs: 0,
  })
  expect((await readAll(source)).entries).toHaveLength(10)
  await first.kill()
  expect((await readAll(source)).entries).toHaveLength(20)
  await first.start()
  expect((await readAll(source)).entries).toHaveLength(10)
})

test('a stopped rig leaves nothing listening', async () => {
  const slapd = await startSlapd({ people: 1 })
  const port = Number(new URL(slapd.url).port)
  await slapd[Symbol.asyncDispose]()
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  connect({ host: '127.0.0.1', port }).once('error', (error: NodeJS.ErrnoException) =>
    resolve(error.code),
  )
  expect(await promise).toBe('ECONNREFUSED')
})
