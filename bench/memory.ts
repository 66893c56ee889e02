/**
 * `node bench/memory.ts [PEOPLE]`: what the service occupies with everybody out of a real OpenLDAP,
 * as the system counts it: after the import, and after each of five full reads in a row. The
 * service is a process of its own, started as an administrator starts it.
 */
import { startSlapd } from '../test/rig/slapd.ts'
import { startServiceProcess } from './service-process.ts'

const people = Number(process.argv[2] ?? 100_000)
const reads = 5

async function bench(): Promise<void> {
  await using slapd = await startSlapd({ people })
  const began = performance.now()
  await using service = await startServiceProcess({
    servers: [slapd.url],
    tls: 'none',
    base: slapd.suffix,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
    map: { extension: { from: 'uid', match: '(\\d+)$' } },
  })
  print(`${people} people, imported in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  print(`  after the import        ${await service.memory('now')} MB`)
  for (let count = 1; count <= reads; count++) {
    const { startedAt, finishedAt } = await service.read()
    const seconds = ((finishedAt - startedAt) / 1000).toFixed(1)
    print(`  after read ${count} (${seconds} s)    ${await service.memory('now')} MB`)
  }
  print(`  at most                 ${await service.memory('peak')} MB`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await bench()
