import { parseArgs } from 'node:util'
import { setup } from '../rig/install.ts'
import { soak } from './soak.ts'

const usage = `npm run soak -- [--minutes 10] [--people 200]

Runs OpenLDAP, Peerage and Asterisk 22 on loopback with everything at once: phones register, calls
are made, the directory changes, questions are asked, desk phones of several makers read the book
(HTTP and LDAP), an administrator looks at the pages, calls are named by FastAGI; every 8 to 30
seconds one of them is killed or the configuration is exchanged. Prints latencies, memory and file handles. A failure counts as an
error unless somebody was dead meanwhile. The exit code is 1 if there was any error.
`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    people: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(usage)
else {
  await setup()
  const report = await soak({
    minutes: Number(values.minutes),
    people: Number(values.people),
    say: (line) => void process.stderr.write(`${line}\n`),
  })
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  process.exitCode = report.errors.length === 0 ? 0 : 1
}
