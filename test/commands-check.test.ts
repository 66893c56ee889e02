import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePorts } from './rig/free-ports.ts'
import { runPeerage } from './support/process.ts'
import { entry } from './support/service.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

test('peerage check says that the state cannot be reached, what to look at, and fails', async () => {
  await using folder = await temporaryFolder()
  const [port] = await freePorts(1)
  await writeFile(join(folder.path, 'people.ldif'), entry('ada', 1, { telephoneNumber: '501' }))
  await writeFile(
    join(folder.path, 'peerage.yaml'),
    `site: { country: DE }
sources: { company: { preset: openldap, ldif: ./people.ldif } }
state: postgres://peerage:kept-for-itself@127.0.0.1:${port}/peerage
stateKey: ${Buffer.alloc(32, 1).toString('base64')}
`,
  )
  const { code, text } = await runPeerage(['check'], folder.path)
  expect(code).toBe(1)
  expect(text).toMatch(/FAIL state +.*ECONNREFUSED.*check that PostgreSQL runs/)
  expect(text).not.toContain('never read so far')
  expect(text).not.toContain('kept-for-itself')
})
