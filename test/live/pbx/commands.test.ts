import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freeAmi, startAsterisk } from '../../rig/asterisk.ts'
import { freePorts } from '../../rig/free-ports.ts'
import { runPeerage } from '../../support/process.ts'
import { entry, startTestService } from '../../support/service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('an Asterisk is checked by command, line by line and as JSON, until it is gone', async () => {
  await using folder = await temporaryFolder()
  const [port = 0] = await freePorts(1)
  const ami = await freeAmi()
  const asterisks = (password: string) =>
    `asterisk: [{ name: pbx1, ami: ${JSON.stringify({ ...ami, password })} }]\n`
  await using company = await startTestService({
    ldif: entry('ada', 1, { cn: 'Ada', telephoneNumber: '501' }),
    folder: folder.path,
    state: '"sqlite:./peerage.db"',
    pbx: `127.0.0.1:${port}`,
    yaml: asterisks(ami.password),
  })
  const rest = `site: { country: DE }
sources: { company: { preset: openldap, ldif: people.ldif } }
state: sqlite:./peerage.db
listen: { pbx: "127.0.0.1:${port}" }
`
  await writeFile(join(folder.path, 'peerage.yaml'), rest + asterisks(ami.password))
  await writeFile(join(folder.path, 'wrong.yaml'), rest + asterisks('wrong'))
  const run = (...args: string[]) => runPeerage(args, folder.path)
  {
    const realtime = `http://127.0.0.1:${port}`
    await using _asterisk = await startAsterisk({ version: 22, realtime, ami })
    await company.service.asterisks.settled()
    const good = await run('asterisk', 'check')
    expect(good.text).toMatch(/^pbx1\n {2}ok {3}connection {4}127\.0\.0\.1:\d+, as peerage\n/)
    expect(good.text).toMatch(/\n {2}ok {3}probe {9}ps_endpoints is asked here/)
    expect(good.text).not.toMatch(/WARN|FAIL/)
    expect(good.code).toBe(0)
    const json = await run('asterisk', 'check', 'pbx1', '--json', '--config', 'wrong.yaml')
    expect(JSON.parse(json.text)).toEqual({
      asterisk: [
        {
          asterisk: 'pbx1',
          findings: [
            {
              level: 'fail',
              what: 'connection',
              detail: expect.stringMatching(/^AMI user 'peerage' refused by /),
              remedy: expect.stringMatching(/^check asterisk\[0\]\.ami\.user and its password/),
            },
          ],
        },
      ],
    })
    expect(json.code).toBe(1)
    expect((await run('check')).text).toMatch(
      /pbx1\n {2}ok {3}login {9}peerage at 127\.0\.0\.1:\d+/,
    )
    const refused = await run('check', '--config', 'wrong.yaml')
    expect(refused.text).toMatch(/FAIL login {9}AMI user 'peerage' refused/)
    expect(refused.code).toBe(1)
  }
  const gone = await run('asterisk', 'check')
  expect(gone.text).toMatch(/FAIL connection {4}nobody listens on .*\n +→ is Asterisk running/)
  expect(gone.code).toBe(1)
  const unknown = await run('asterisk', 'check', 'pbx2')
  expect(unknown.text).toBe("there is no Asterisk 'pbx2' in peerage.yaml; known are pbx1\n")
  expect(unknown.code).toBe(1)
})
