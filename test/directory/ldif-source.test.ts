import {
  appendFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LdifSource } from '../../src/directory/ldif/ldif-source.ts'
import { generatedPeople } from '../rig/generated-people.ts'
import { checkAll, openPeople, peopleRequest, readAll } from './reading.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peerage-ldif-'))
  file = join(folder, 'company.ldif')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Writes the file as if it had been there for long. */
async function write(text: string | Buffer): Promise<void> {
  await writeFile(file, text)
  await utimes(file, 1_700_000_000, 1_700_000_000)
}

const ada = `dn: uid=ada,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: ada
cn: Ada
userPassword: never-shown
`
const grace = ada.replaceAll('ada', 'grace').replace('Ada', 'Grace')

async function uids(options = {}): Promise<string[]> {
  const { entries } = await readAll(openPeople({ ldif: file, ...options }))
  return entries.flatMap((entry) => entry.attributes.get('uid') ?? [])
}

test('only what was asked for is handed out, not the passwords beside it', async () => {
  await write(ada)
  const { entries } = await readAll(openPeople({ ldif: file }))
  expect([...(entries[0]?.attributes.keys() ?? [])]).toEqual(['uid', 'cn'])
})

test('base, scope and filter choose as a server would', async () => {
  await write(`${ada}\n${grace.replace('ou=people', 'ou=b,ou=people')}\ndn: cn=x\ncn: x\n`)
  expect(await uids()).toEqual(['ada', 'grace'])
  expect(await uids({ filter: '(cn=g*)' })).toEqual(['grace'])
  expect(await uids({ base: 'OU=People, DC=example,DC=org' })).toEqual(['ada', 'grace'])
  expect(await uids({ base: 'ou=people,dc=example,dc=org', scope: 'one' })).toEqual(['ada'])
  expect(await uids({ base: 'uid=ada,ou=people,dc=example,dc=org', scope: 'base' })).toEqual([
    'ada',
  ])
  expect(await uids({ base: 'ople,dc=example,dc=org' })).toEqual([])
})

test('the id is that of the directory, or else made from the DN, whatever its spelling', async () => {
  await write(`${ada}entryUUID: 24e8b4d8-7a77-1041-9e74-0f39e600863d\n\n${grace}`)
  const first = await readAll(openPeople({ ldif: file }))
  await write(grace.replace('dn: uid=grace,ou=people', 'dn: UID=Grace, OU=people'))
  const second = await readAll(openPeople({ ldif: file }))
  expect(first.entries[0]?.id).toBe('24e8b4d8-7a77-1041-9e74-0f39e600863d')
  expect(first.entries[1]?.id).toMatch(/^dn-[\da-f]{32}$/)
  expect(second.entries[0]?.id).toBe(first.entries[1]?.id)
})

test.each([
  ['as ldifde writes it', 'objectGUID:: s3TEhMhn4ESHhQGm8ggWhg=='],
  ['as people write it', 'objectGUID: 84C474B3-67C8-44E0-8785-01A6F2081686'],
])('an objectGUID %s is the id', async (_how, line) => {
  await write(`${ada}${line}\n`)
  const source = openPeople({ ldif: file }, { id: { attribute: 'objectGUID', form: 'guid' } })
  const { entries } = await readAll(source)
  expect(entries[0]?.id).toBe('84c474b3-67c8-44e0-8785-01a6f2081686')
})

test('a record that stands twice is taken once and named', async () => {
  await write(`${ada}\n${grace}\n${ada.replace('uid=ada', 'UID=ADA')}`)
  const { entries, problems } = await readAll(openPeople({ ldif: file }))
  expect(entries).toHaveLength(2)
  expect(problems).toEqual([
    { entry: 'UID=ADA,ou=people,dc=example,dc=org', text: expect.stringContaining('the same dn') },
  ])
})

test('a value of a megabyte is left out and named, the others stay', async () => {
  await write(`${ada}mail: ${'x'.repeat(1024 * 1024)}\n\n${grace}`)
  const { entries, problems } = await readAll(openPeople({ ldif: file }))
  expect(entries.map((entry) => entry.attributes.get('mail'))).toEqual([undefined, undefined])
  expect(problems).toEqual([
    expect.objectContaining({ attribute: 'mail', text: expect.stringContaining('1048576 bytes') }),
  ])
})

test('many people come in batches of some hundred, and with an unreadable line named by its place', async () => {
  const people = generatedPeople({ suffix: 'dc=example,dc=org', count: 3000 })
  await write(`${people}\n${ada}this is no line\n`)
  const { entries, problems, batchSizes } = await readAll(openPeople({ ldif: file }))
  expect(entries).toHaveLength(3001)
  expect(Math.max(...batchSizes)).toBeLessThan(500)
  const line = `${people}\n${ada}`.split('\n').length
  expect(problems).toEqual([
    { entry: `company.ldif:${line}`, text: expect.stringContaining('expected "attribute: value"') },
  ])
})

test('a file that is not there is an unavailable directory', async () => {
  await expect(uids()).rejects.toMatchObject({
    code: 'DIRECTORY_UNAVAILABLE',
    message: expect.stringContaining(`${file} cannot be read (ENOENT)`),
  })
  await expect(uids({ ldif: folder })).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
})

test.each([
  ['is empty', ''],
  ['ends in the middle of a line', ada.slice(0, -4)],
  ['ends in the middle of base64', `${ada}\ndn: cn=x\ncn:: QWR`],
  ['is UTF-16', Buffer.from(`\ufeff${ada}`, 'utf16le')],
  ['is an export that was cut', `${ada}\nsearch: 2\nresult: 4 Size limit exceeded\n`],
])('a file that %s is never a complete read', async (_what, text) => {
  await write(text)
  await expect(uids()).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
})

test('a file that begins with a byte order mark, has CRLF and no blank line at its end is fine', async () => {
  await write(`\ufeffversion: 1\n\n${ada}\n${grace}`.replaceAll('\n', '\r\n'))
  expect(await uids()).toEqual(['ada', 'grace'])
})

test('a file that grows while it is read is never a complete read', async () => {
  await write(`${ada}\n${generatedPeople({ suffix: 'dc=example,dc=org', count: 1000 })}`)
  const reading = (async () => {
    for await (const _batch of openPeople({ ldif: file }).read(new AbortController().signal)) {
      await appendFile(file, `\n${grace}`)
    }
  })()
  await expect(reading).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
})

test('a file that was written just now is read only when it stays as it is', async () => {
  await writeFile(file, ada)
  const settings = {
    file,
    base: '',
    scope: 'sub',
    filter: null,
    settleMs: 100,
    pollMs: 1000,
  } as const
  const source = new LdifSource('office', settings, peopleRequest)
  const reading = readAll(source)
  setTimeout(() => void appendFile(file, `\n${grace}`), 20)
  await expect(reading).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
  expect((await readAll(source)).entries).toHaveLength(2)
})

test('a change is told first of all, and when the file is replaced; not when it was read already', async () => {
  await write(ada)
  const settings = {
    file,
    base: '',
    scope: 'sub',
    filter: null,
    settleMs: 20,
    pollMs: 60_000,
  } as const
  const source = new LdifSource('office', settings, peopleRequest)
  await readAll(source)
  const stop = new AbortController()
  const changes = source.changes(stop.signal)
  expect(await changes.next()).toEqual({ done: false, value: { kind: 'read-again' } })
  for (const text of [grace, ada]) {
    const next = changes.next()
    await writeFile(`${file}~`, text)
    await rename(`${file}~`, file)
    expect((await next).done).toBe(false)
    expect((await readAll(source)).entries).toHaveLength(1)
  }
  const last = changes.next()
  stop.abort()
  expect((await last).done).toBe(true)
})

test('a change that the folder does not tell of is found at the next poll', async () => {
  const elsewhere = join(folder, 'elsewhere')
  await mkdir(elsewhere)
  await writeFile(join(elsewhere, 'real.ldif'), ada)
  await symlink(join(elsewhere, 'real.ldif'), file)
  const settings = { base: '', scope: 'sub', filter: null, settleMs: 5, pollMs: 30 } as const
  const source = new LdifSource('office', { ...settings, file }, peopleRequest)
  await readAll(source)
  const stop = new AbortController()
  const changes = source.changes(stop.signal)
  await changes.next()
  const next = changes.next()
  await writeFile(join(elsewhere, 'real.ldif'), grace)
  expect((await next).done).toBe(false)
  stop.abort()
})

test('check says what was found, or what stands in the way', async () => {
  await write(`${ada}what is this\n`)
  const steps = await checkAll(openPeople({ ldif: file }))
  expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
    ['file', false],
    ['count', true],
    ['sample', true],
  ])
  expect(steps[0]?.detail).toContain('company.ldif:6')
  const [missing] = await checkAll(openPeople({ ldif: `${file}x` }))
  expect(missing).toMatchObject({
    step: 'file',
    ok: false,
    detail: expect.stringContaining('ENOENT'),
  })
})
