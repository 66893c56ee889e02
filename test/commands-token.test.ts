import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPeerage as run } from './support/process.ts'
import { entry, startTestService } from './support/service.ts'

async function startCompany() {
  const ldif = entry('ada', 1, { telephoneNumber: '501' })
  const company = await startTestService({ ldif, state: '"sqlite:./peerage.db"' })
  const yaml = `sources: { company: { preset: openldap, ldif: people.ldif } }\nsite: { country: DE }\nstate: sqlite:./peerage.db\n`
  await writeFile(join(company.folder, 'peerage.yaml'), yaml)
  return Object.assign(company, { run: (...args: string[]) => run(args, company.folder) })
}

test('peerage token makes, lists and revokes', { timeout: 60_000 }, async () => {
  await using company = await startCompany()
  const made = await company.run('token', 'make', 'wiki', '--scopes', 'lookup, metrics')
  expect(made.text).toMatch(/^Token wiki for lookup, metrics \(shown this once\): [\w-]{43}\n$/)
  const token = made.text.trim().split(' ').at(-1) ?? ''
  expect(company.service.state.tokens.check(token)?.scopes).toEqual(['metrics', 'lookup'])
  const listed = await company.run('token')
  expect(listed.text).toMatch(
    /^first start {2,}administer {2,}never used\nwiki {2,}metrics,lookup /,
  )
  expect(listed.text).not.toContain(token)
  expect((await company.run('token', 'make', 'reader')).text).toMatch(/^Token reader for read /)
  expect((await company.run('token', 'revoke', 'wiki')).code).toBe(0)
  expect(company.service.state.tokens.check(token)).toBeUndefined()
})

test('peerage token says what is wrong', { timeout: 60_000 }, async () => {
  await using company = await startCompany()
  const refused = async (...args: string[]) => {
    const { code, text } = await company.run('token', ...args)
    expect(code).toBe(1)
    return text
  }
  expect(await refused('make')).toMatch(/expected: peerage token, peerage token make NAME/)
  expect(await refused('revoke', 'nobody')).toMatch(/there is no token 'nobody'/)
  expect(await refused('make', 'first start')).toMatch(/there is a token 'first start' already/)
  expect(await refused('make', 'x', '--scopes', 'everything')).toMatch(
    /^there is no scope 'everything'; known are administer, help, read/,
  )
})
