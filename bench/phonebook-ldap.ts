/**
 * `node bench/phonebook-ldap.ts [PEOPLE] [ROUNDS]`: searches a second over LDAP beside a real
 * OpenLDAP with the same people and indexes, in turns, and how Asterisk's questions fare meanwhile.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BerWriter } from '../src/ldap-wire/ber-writer.ts'
import { cpuSeconds } from '../test/rig/company.ts'
import { startSlapd } from '../test/rig/slapd.ts'
import { ldapLoad, type LdapLoad, type LdapLoadResult } from './ldap-load.ts'
import { load, type LoadResult } from './load.ts'
import { generate } from './people.ts'

const isPhones = process.argv[2] === 'phones'
const people = Number(process.argv[isPhones ? 4 : 2] ?? 100_000)
const rounds = Number(process.argv[3] ?? 5)

interface Running {
  readonly port: number
  readonly ldap: number
  readonly pid: number
}

/** What phones ask; half of the names are typed in full. */
const searches: Readonly<Record<string, (writer: BerWriter) => void>> = {
  'a name begun  (|(cn=nachname12*)(sn=nachname12*))': (writer) => {
    const typed = `nachname${chance(792)}`
    writer.open(0xa1)
    for (const name of ['cn', 'sn']) begins(writer, name, typed)
    writer.close()
  },
  'a part        (cn=*name1234*)': (writer) => {
    const typed = `name${chance(7919)}`
    writer.open(0xa4).text('cn').open(0x30).text(typed, 0x81).close().close()
  },
  'a caller      (|(telephoneNumber=X)(mobile=X))': (writer) => {
    const caller = `+49171${1_000_000 + chance(people)}`
    writer.open(0xa1)
    for (const name of ['telephoneNumber', 'mobile'])
      writer.open(0xa3).text(name).text(caller).close()
    writer.close()
  },
  'nobody        (|(cn=mueller12*)(sn=mueller12*))': (writer) => {
    writer.open(0xa1)
    for (const name of ['cn', 'sn']) begins(writer, name, `mueller${chance(7919)}`)
    writer.close()
  },
}

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'peerage-phonebook-ldap-'))
  const children: ChildProcess[] = []
  try {
    const ours = await open(folder, children)
    await using theirs = await startSlapd({
      suffix: 'dc=bench',
      people: `dn: ou=unused,dc=bench\nobjectClass: organizationalUnit\nou: unused\n\n${generate(people)}`,
      substringIndex: true,
    })
    await ldapLoad({ ...ourLoad(ours), seconds: 5, filter: any })
    await besideSlapd(ours, { port: Number(new URL(theirs.url).port), pid: theirs.pid })
    await besideAsterisk(ours)
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

async function besideSlapd(
  ours: Running,
  theirs: { readonly port: number; readonly pid: number },
): Promise<void> {
  print(`${people} people, 8 connections, at most 50 entries`)
  print('searches a second (p50, p99 in ms), microseconds of CPU a search\n')
  for (const [what, filter] of Object.entries(searches)) {
    const results = { ours: [] as Result[], theirs: [] as Result[] }
    for (let round = 0; round < rounds; round++) {
      results.ours.push(await measure({ ...ourLoad(ours), filter }, ours.pid))
      const there = { ...ourLoad(ours), port: theirs.port, base: 'ou=people,dc=bench', filter }
      results.theirs.push(await measure(there, theirs.pid))
    }
    const [our, their] = [summary(results.ours), summary(results.theirs)]
    print(`${what}`)
    print(`  Peerage  ${our.text}`)
    print(`  OpenLDAP ${their.text}`)
    const rate = (our.perSecond / their.perSecond).toFixed(2)
    print(`  ratio    ${rate} of the rate, ${(our.cpu / their.cpu).toFixed(2)} of the CPU`)
  }
}

interface Result extends LdapLoadResult {
  /** Microseconds a search, of all threads of the server. */
  readonly cpu: number
}

async function measure(load: LdapLoad, pid: number): Promise<Result> {
  const before = await cpuSeconds(pid)
  const result = await ldapLoad(load)
  const used = (await cpuSeconds(pid)) - before
  return { ...result, cpu: (used * 1e6) / result.count }
}

function summary(results: readonly Result[]): { text: string; perSecond: number; cpu: number } {
  const of = (key: keyof Result) => median(results.map((result) => result[key]))
  const [perSecond, cpu] = [of('perSecond'), of('cpu')]
  const text = `${perSecond.toFixed(0).padStart(6)}/s  (${of('p50').toFixed(2)}, ${of('p99').toFixed(2)})  ${cpu.toFixed(0).padStart(5)} us  ${of('entriesEach').toFixed(1)} entries each`
  return { text, perSecond, cpu }
}

async function besideAsterisk(ours: Running): Promise<void> {
  const rest: LoadResult[] = []
  const during: LoadResult[] = []
  for (let round = 0; round < rounds; round++) {
    rest.push(await ask(ours.port))
    const [result] = await Promise.all([ask(ours.port), searchElsewhere(ours.ldap)])
    during.push(result)
  }
  print('\n200 searches a second of all kinds; Asterisk asks 500 times a second')
  for (const [what, results] of [
    ['at rest', rest],
    ['meanwhile', during],
  ] as const) {
    const of = (key: 'p50' | 'p99') => median(results.map((result) => result[key])).toFixed(2)
    print(`  ${what.padEnd(14)} p50 ${of('p50')} ms, p99 ${of('p99')} ms`)
  }
}

function ask(port: number): Promise<LoadResult> {
  const body = () => `id=${100_000 + chance(people)}`
  const path = '/realtime/ps_endpoints/single'
  return load({ port, path, body, connections: 8, rate: 500, seconds: 4 })
}

/** In a process of its own: whoever searches has no time to measure others. */
function searchElsewhere(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const phones = fork(new URL(import.meta.url), ['phones', String(port), String(people)])
    phones.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`phones: ${code}`))))
  })
}

function ourLoad({ ldap }: Pick<Running, 'ldap'>): LdapLoad {
  return { port: ldap, base: 'dc=peerage', connections: 8, seconds: 2, filter: any, rate: null }
}

function any(writer: BerWriter): void {
  const all = Object.values(searches)
  all[chance(all.length)]?.(writer)
}

function begins(writer: BerWriter, name: string, typed: string): void {
  writer.open(0xa4).text(name).open(0x30).text(typed, 0x80).close().close()
}

function open(folder: string, children: ChildProcess[]): Promise<Running> {
  const child = fork(new URL('./server.ts', import.meta.url), ['peerage', folder, String(people)], {
    execArgv: ['--expose-gc'],
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)))
    // bench/server.ts tells its ports
    child.once('message', (told: object) => resolve({ ...told, pid: child.pid } as Running))
  })
}

function chance(below: number): number {
  return Math.floor(Math.random() * below)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

if (isPhones) {
  await ldapLoad({ ...ourLoad({ ldap: Number(process.argv[3]) }), seconds: 4, rate: 200 })
} else {
  await bench()
}
