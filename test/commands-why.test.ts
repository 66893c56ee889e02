import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPeerage } from './support/process.ts'
import { entry, startTestService } from './support/service.ts'

const ldif = [
  entry('zoe', 1, { cn: 'Zoë', telephoneNumber: '+49 30 2312 501', mobile: '0170 3920018' }),
  entry('gone', 2, {
    cn: 'Horst',
    telephoneNumber: '+49 30 2312 502',
    manager: 'uid=zoe,ou=people,dc=example',
    pwdAccountLockedTime: '000001010000Z',
  }),
].join('')

test('peerage why and lookup explain each step', { timeout: 60_000 }, async () => {
  await using company = await startTestService({ ldif, state: '"sqlite:./peerage.db"' })
  const yaml = `
site: { country: DE }
sources: { company: { preset: openldap, ldif: people.ldif } }
state: sqlite:./peerage.db
`
  await writeFile(join(company.folder, 'peerage.yaml'), yaml)
  const run = (...args: string[]) => runPeerage(args, company.folder)

  const caller = await run('why', '0170', '3920018')
  expect(caller.text).toMatch(/may be \+491703920018/)
  expect(caller.text).toMatch(/number \+491703920018: it is Zoë\n +→ Zoë \(mobile\)/)
  expect(caller.code).toBe(0)

  const called = await run('why', '+49302312502', '--from', '501')
  expect(called.text).toMatch(
    /Horst cannot be rung \(disabled\)\n +manager Zoë 501\n +→ 501 \(manager\)/,
  )
  expect(called.text).toMatch(/own number of Zoë.*\n +→ shows \+49302312501; dials \+49302312502/)

  const json = await run('why', '999999', '--json')
  expect(JSON.parse(json.text)).toMatchObject({ caller: { name: null, match: { how: 'nobody' } } })

  const found = await run('lookup', '+49302312501')
  expect(found.text).toMatch(/^Zoë\n/)
  expect(found.text).toMatch(/Whom it rings as a public number\n +\+49302312501 is of Zoë\n +→ 501/)
  expect((await run('why')).text).toMatch(/why what\?/)
})
