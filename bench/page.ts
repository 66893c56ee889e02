/**
 * How long the server needs for each page and for the lists of the API, with as many people as are named: medians and the worst of
 * twenty, beside `/healthz`, which does nothing; and for how long the event loop stood still at most,
 * which is what a call would have waited. `of a core`: what nobody else on the machine disturbs; who
 * asks is counted in. `node bench/page.ts [COUNT]`
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { Roster } from '../src/answers/admin/roster.ts'
import { generatedPeople } from '../test/rig/generated-people.ts'
import { startTestService } from '../test/support/service.ts'
import { visit } from '../test/page/page-visit.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const count = Number(positionals[0] ?? 100_000)
const tries = 20

const ldif = generatedPeople({ suffix: 'dc=example', count, firstExtension: 100_000 }).replaceAll(
  /^uid: u(\d+)$/gm,
  (line, id: string) => `${line}\nentryUUID: 00000000-0000-4000-8000-${id.padStart(12, '0')}`,
)
await using company = await startTestService({
  ldif,
  source: 'map: { extension: telephoneNumber }, guard: { changes: 10, percent: 1 }',
  yaml: 'login: { mode: none }',
})
const page = await visit(company)
const lines = ldif.split('\n\n')
await company.change(lines.slice(0, -3000).join('\n\n')).catch(() => {})

const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
const first = performance.now()
using roster = new Roster(company.service.people)
await roster.everybody()
const firstMs = performance.now() - first
const firstHeldMs = loop.max / 1e6
const person = /href="(\/people\/[^"?]+)"/.exec(await page.html('/people?q=100'))?.[1] ?? '/'
const somebody = company.service.people.members()[Symbol.iterator]().next().value?.person
const pin = company.service.state.secrets.pin(somebody?.id ?? '') ?? ''
const own = await visit(company, somebody?.user ?? '', pin)
const paths = [
  '/healthz',
  '/',
  '/people',
  '/people?page=1999',
  '/people?q=muller+100',
  '/people?q=nobody+at+all',
  '/people?filter=noExtension',
  '/people?filter=conflict',
  person,
  '/runs',
  '/runs/2',
  '/plans',
  '/plans/1',
  '/numbers',
  '/phones',
  '/phones/preview?vendor=cisco&view=staff',
  '/me',
  '/me?q=muller+100',
  '/me?q=nobody+at+all',
  '/api/people?limit=100',
  '/api/people?limit=1000',
  '/api/people?q=muller+100',
  '/api/people?filter=conflict&order=name',
  '/api/numbers/unreadable',
  '/api/numbers/free',
]
process.stdout.write(
  `${company.service.people.size} people; in order after ${firstMs.toFixed(0)} ms, loop held ${firstHeldMs.toFixed(0)} ms\n`,
)
for (const path of paths) {
  const times: number[] = []
  const costs: number[] = []
  loop.reset()
  for (let at = 0; at < tries; at++) {
    const began = performance.now()
    const spent = process.cpuUsage()
    await (path.startsWith('/me') ? own : page).html(path)
    times.push(performance.now() - began)
    const { user, system } = process.cpuUsage(spent)
    costs.push((user + system) / 1000)
  }
  times.sort((a, b) => a - b)
  costs.sort((a, b) => a - b)
  const cost = `${costs[tries / 2]?.toFixed(1)} ms, worst ${costs.at(-1)?.toFixed(1)} ms`
  const median = times[tries / 2] ?? 0
  const shown = path === person ? '/people/ID' : path
  process.stdout.write(
    `${shown.padEnd(40)} ${median.toFixed(1).padStart(7)} ms   worst ${times.at(-1)?.toFixed(1)} ms   loop held ${(loop.max / 1e6).toFixed(1)} ms   of a core ${cost}\n`,
  )
}
