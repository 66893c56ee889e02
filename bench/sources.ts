/**
 * The pages of sources with as many people as are named: medians and the worst of twenty, beside
 * `/healthz`, which does nothing; then dry runs of settings that change nobody and everybody, with
 * the page asked while they go on. Of each, the longest turn of the event loop in time of the
 * processor, which is what a call would have waited. `node bench/sources.ts [COUNT]`
 */
import { parseArgs } from 'node:util'
import { generatedPeople } from '../test/rig/generated-people.ts'
import { sourcesText, startWithFile } from '../test/support/with-file.ts'
import { visit } from '../test/page/page-visit.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const count = Number(positionals[0] ?? 100_000)
const tries = 20

const ldif = generatedPeople({ suffix: 'dc=example', count, firstExtension: 100_000 }).replaceAll(
  /^uid: u(\d+)$/gm,
  (line, id: string) => `${line}\nentryUUID: 00000000-0000-4000-8000-${id.padStart(12, '0')}`,
)
const sources = `${sourcesText}    map: { extension: telephoneNumber }\n`
await using company = await startWithFile({ ldif, sources })
const page = await visit(company)
let longestMs = 0
let isOver = false
watch(process.threadCpuUsage())
process.stdout.write(`${company.service.people.size} people\n`)

const opened = await page.post('/sources/company/drafts')
const draft = opened.headers.get('location') ?? ''
for (const path of ['/healthz', '/sources', draft]) await measure(path)
await dryRun('nobody changes', 'telephoneNumber')
await measure(draft)
await dryRun('everybody changes', 'employeeNumber')
await measure(draft)
isOver = true

async function measure(path: string): Promise<void> {
  const times: number[] = []
  longestMs = 0
  for (let at = 0; at < tries; at++) times.push(await timed(() => page.html(path)))
  report(path === draft ? 'draft' : path, times)
}

async function dryRun(name: string, extension: string): Promise<void> {
  const began = performance.now()
  longestMs = 0
  await page.post(`${draft}/plan`, { preset: 'openldap', 'map.extension': extension })
  const times: number[] = []
  for (;;) {
    let html = ''
    times.push(await timed(async () => (html = await page.html(draft))))
    if (!html.includes('aria-busy')) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  process.stdout.write(`dry run, ${name}: ${(performance.now() - began).toFixed(0)} ms\n`)
  report('draft meanwhile', times)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function report(name: string, times: number[]): void {
  times.sort((a, b) => a - b)
  const median = times[Math.floor(times.length / 2)] ?? 0
  process.stdout.write(
    `${name.padEnd(20)} ${median.toFixed(1).padStart(7)} ms   worst ${times.at(-1)?.toFixed(1)} ms   longest turn ${longestMs.toFixed(1)} ms\n`,
  )
}

/** From one turn to the next; what other programs take of the processor does not count. */
function watch(before: NodeJS.CpuUsage): void {
  setImmediate(() => {
    const { user, system } = process.threadCpuUsage(before)
    longestMs = Math.max(longestMs, (user + system) / 1000)
    if (!isOver) watch(process.threadCpuUsage())
  })
}
