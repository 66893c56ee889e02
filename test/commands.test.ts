import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { paintFor } from '../src/paint.ts'
import { runPeerage as run } from './support/process.ts'
import { entry, startTestService } from './support/service.ts'

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const id = index + 1
    const numbers = { telephoneNumber: [String(500 + id), `+49 30 2312 ${500 + id}`] }
    return entry(`p${id}`, id, { cn: `Person ${id}`, ...numbers })
  }).join('')

/** A running service over a configuration file that the commands find. */
async function startCompany(count: number) {
  const company = await startTestService({ ldif: people(count), state: '"sqlite:./peerage.db"' })
  const yaml = (file: string) => `
site: { country: DE, areaCode: "30", outsidePrefix: "0", dids: "+49302312 5xx -> 5xx" }
sources: { company: { preset: openldap, ldif: ${file}, leavers: { grace: 0h } } }
classes: { default: { queue: support } }
state: sqlite:./peerage.db
`
  await writeFile(join(company.folder, 'peerage.yaml'), yaml('people.ldif'))
  await writeFile(join(company.folder, 'candidate.yaml'), yaml('candidate.ldif'))
  return Object.assign(company, { run: (...args: string[]) => run(args, company.folder) })
}

describe('peerage plan', { timeout: 60_000 }, () => {
  test('says what a configuration that is not in use would change, and changes nothing', async () => {
    await using company = await startCompany(12)
    const renamed = people(5).replace(btoa('Person 2'), btoa('Grace'))
    await writeFile(join(company.folder, 'candidate.ldif'), renamed)
    const before = await readFile(join(company.folder, 'peerage.db'))
    const { code, text } = await company.run('plan', '--config', 'candidate.yaml')
    expect(text).toMatch(/against the people of the running service/)
    expect(text).toMatch(/would be held: 7 to remove, 5 are allowed/)
    expect(text).toMatch(/~ Grace 502: changed .*\n +name: Person 2 → Grace/)
    expect(text).toMatch(/- Person 12 512: disabled/)
    expect(text).toMatch(/extension 512 +Person 12 → nobody/)
    expect(text).toMatch(/queue support +loses Person 6, .*, Person 12$/m)
    expect(text).not.toContain('\u001b')
    expect(code).toBe(0)
    expect(company.service.people.byExtension('512')).toBeDefined()
    expect(company.service.people.byExtension('502')?.name).toBe('Person 2')
    expect(await readFile(join(company.folder, 'peerage.db'))).toEqual(before)
  })

  test('prints JSON, and fails when the directory cannot be read', async () => {
    await using company = await startCompany(2)
    const { text } = await company.run('plan', '--json')
    expect(JSON.parse(text)).toMatchObject({
      from: 'service',
      sources: [{ source: 'company', plan: { items: [] }, excess: [] }],
    })
    const failed = await company.run('plan', 'company', '--config', 'candidate.yaml')
    expect(failed.code).toBe(1)
    expect(failed.text).toMatch(/company: failed: .*ENOENT/)
  })

  test('colours only a terminal, and not with NO_COLOR', () => {
    expect(paintFor({ isTTY: true }, {})('red', 'x')).toBe('\u001b[31mx\u001b[0m')
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'x')).toBe('x')
    expect(paintFor({}, {})('red', 'x')).toBe('x')
  })
})

test('a held plan is seen, approved and told by commands', async () => {
  await using company = await startCompany(12)
  await writeFile(join(company.folder, 'people.ldif'), people(5))
  const sync = await company.run('sync')
  expect(sync.text).toMatch(/nothing was changed: plan 1 is held/)
  expect(sync.code).toBe(1)
  expect((await company.run('plans')).text).toMatch(/^1 +held +company .* 7 to remove/)
  expect((await company.run('plans', '1')).text).toMatch(/DID \+49302312512 +Person 12 → nobody/)
  expect((await company.run('approve', '1')).text).toMatch(/plan 1 is applied/)
  expect(company.service.people.byExtension('512')).toBeUndefined()
  const runs = (await company.run('runs')).text
  expect(runs).toMatch(/approval +done .* -7/)
  const number = /^(\d+) .*approval/m.exec(runs)?.[1] ?? ''
  expect((await company.run('runs', 'show', number)).text).toMatch(/- Person 12 512: disabled/)
  expect((await company.run('approve', '1')).text).toMatch(/was approved already/)
  expect((await company.run('reject', 'x')).text).toMatch(/which plan\?/)
}, 60_000)

test('an administrator decides about a person by number', async () => {
  await using company = await startCompany(2)
  expect((await company.run('person', '501', 'disable')).text).toMatch(/is disabled now/)
  expect((await company.run('lookup', '501')).text).toMatch(/disabled +by an administrator/)
  expect((await company.run('person', '501', 'enable')).text).toMatch(/is active now/)
  expect((await company.run('person', '501', 'fire')).text).toMatch(/expected: peerage person/)
  expect((await company.run('sync', '--only', '501')).code).toBe(0)
}, 60_000)
