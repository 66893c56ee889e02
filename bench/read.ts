/**
 * `node bench/read.ts [PEOPLE]`: how long it takes to read a real OpenLDAP to the end, beside
 * `ldapsearch -E pr=1000/noprompt` for the same attributes, in turns; both over plain LDAP on this
 * machine. Ours also proves the read complete, decodes and maps every entry.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSource } from '../src/directory/sources.ts'
import { openLogger } from '../src/logger.ts'
import { compileMapping } from '../src/mapping/compile-mapping.ts'
import { compileSite } from '../src/person/site.ts'
import { startSlapd, type Slapd } from '../test/rig/slapd.ts'

const people = Number(process.argv[2] ?? 100_000)
const rounds = 5

async function bench(): Promise<void> {
  await using slapd = await startSlapd({ people })
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const [mine, peer] = [await timed(() => read(slapd)), await timed(() => ldapsearch(slapd))]
    if (round === 0) continue // warms the server's cache and the compiler
    ours.push(mine)
    theirs.push(peer)
  }
  print(`${people} people, median of ${rounds} turns`)
  print(`  peerage, read and mapped   ${median(ours).toFixed(2)} s`)
  print(`  ldapsearch -E pr=1000      ${median(theirs).toFixed(2)} s`)
  print(`  peerage : ldapsearch       ${(median(ours) / median(theirs)).toFixed(2)}`)
}

const site = compileSite({ country: 'DE', areaCode: '30', extensionLength: [3, 6] })
const mapping = compileMapping({ source: 'bench', options: { preset: 'openldap' }, site })

async function read(slapd: Slapd): Promise<void> {
  const bind = { user: slapd.bindDn, password: slapd.bindPassword }
  const options = { servers: [slapd.url], tls: 'none' as const, base: slapd.suffix, bind }
  await using source = openSource('bench', options, mapping.request, openLogger('silent'))
  let found = 0
  for await (const { entries } of source.read(new AbortController().signal)) {
    for (const entry of entries) if (mapping.map(entry, 0).person) found++
  }
  if (found !== people) throw new Error(`${found} people were read, not ${people}`)
}

async function ldapsearch(slapd: Slapd): Promise<void> {
  const { filter, attributes } = mapping.request
  const login = ['-x', '-H', slapd.url, '-D', slapd.bindDn, '-w', slapd.bindPassword]
  const search = ['-LLL', '-b', slapd.suffix, '-E', 'pr=1000/noprompt', filter, ...attributes]
  const child = spawn('ldapsearch', [...login, ...search], { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`ldapsearch ended with ${code}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await bench()
