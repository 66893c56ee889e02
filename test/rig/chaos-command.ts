import { parseArgs } from 'node:util'
import { chaos } from './chaos.ts'

const usage = `npm run chaos -- [--minutes 1] [--phones 200]

Kills Asterisk and Peerage at random (SIGKILL) while phones register and questions are asked, and
reports what was wrong, lost or shut out. The exit code is 1 if anything was.
`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    phones: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(usage)
else {
  const seconds = Number(values.minutes) * 60
  const report = await chaos({ seconds, phones: Number(values.phones), restMs: [3_000, 15_000] })
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  const { wrong, lost, shutOut, awake, looked } = report
  const isGood = wrong.length + lost.length + shutOut.length === 0 && awake === looked
  process.exitCode = isGood ? 0 : 1
}
