import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { AmiAccess } from './asterisk.ts'
import { freePorts } from './free-ports.ts'
import { childEnded } from './processes.ts'

/** A Peerage in a process of its own, over an LDIF file of many people: it can be killed. */
export interface Company extends AsyncDisposable {
  /** As `realtime` of an Asterisk wants it. */
  readonly realtime: string
  readonly people: readonly CompanyPerson[]
  /** Its folder, where commands find `peerage.yaml`. */
  readonly folder: string
  /** Ports of the other listeners. */
  readonly ports: CompanyPorts
  readonly pid: number | undefined
  /** A question as Asterisk asks it; throws when nobody answers in time, which is a second. */
  ask(path: string, body: string, patienceMs?: number): Promise<string>
  kill(): Promise<void>
  /** Resolves when it answers. */
  start(): Promise<void>
  /** Another configuration of classes, taken up without a restart. */
  reload(qualifySeconds: number): Promise<void>
}

export interface CompanyPerson {
  readonly extension: string
  readonly secret: string
}

export interface CompanyPorts {
  readonly pbx: number
  readonly web: number
  readonly agi: number
  readonly ldap: number
}

export interface CompanyOptions {
  readonly people: number
  /** Digits of an extension. */
  readonly digits?: 4 | 6
  /** The Asterisk that it is connected to, and whose phones it wakes. */
  readonly ami?: AmiAccess
  /** Whether Asterisk gets the list of everybody; default: when there is no `ami` to wake phones by. */
  readonly isListed?: boolean
  /** Seconds between two OPTIONS to a phone. */
  readonly qualifySeconds?: number
  /** YAML of a source that has `companyLdif` of so many people; default: that LDIF itself. */
  readonly source?: string
}

const program = fileURLToPath(new URL('../../bin/peerage.js', import.meta.url))

export async function startCompany(options: CompanyOptions): Promise<Company> {
  const folder = await mkdtemp(join(tmpdir(), 'peerage-company-'))
  const { people: count, digits = 4, ami, qualifySeconds = 0 } = options
  const { isListed = ami === undefined } = options
  const people = companyPeople(count, digits)
  const [pbx = 0, web = 0, agi = 0, ldap = 0] = await freePorts(4)
  const asterisk = ami ? JSON.stringify({ name: 'pbx', ami }) : ''
  await writeFile(join(folder, 'people.ldif'), companyLdif(people))
  const source = options.source ?? 'ldif: ./people.ldif'
  const configText = (seconds: number): string => `
site: { country: DE, areaCode: "30", extensionLength: ${digits} }
sources:
  company: { preset: openldap, ${source}, secrets: { sip: { from: employeeNumber } } }
listen: { pbx: "127.0.0.1:${pbx}", web: "127.0.0.1:${web}", agi: "127.0.0.1:${agi}", ldap: "127.0.0.1:${ldap}" }
classes: { default: { qualifySeconds: ${seconds} } }
state: "sqlite:./company.db"
asterisk: [${asterisk}]
listEverybody: ${isListed}
guard: { changes: 1000000, percent: 100 }
log: info
`
  await writeFile(join(folder, 'peerage.yaml'), configText(qualifySeconds))
  const company = new RunningCompany(folder, { pbx, web, agi, ldap }, people, configText)
  await company.start()
  return company
}

class RunningCompany implements Company {
  readonly realtime: string
  readonly people: readonly CompanyPerson[]
  readonly folder: string
  readonly ports: CompanyPorts
  readonly #configText: (qualifySeconds: number) => string
  #process: ChildProcess | undefined
  #said = ''

  constructor(
    folder: string,
    ports: CompanyPorts,
    people: readonly CompanyPerson[],
    configText: (qualifySeconds: number) => string,
  ) {
    this.realtime = `http://127.0.0.1:${ports.pbx}`
    this.ports = ports
    this.people = people
    this.folder = folder
    this.#configText = configText
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  async ask(path: string, body: string, patienceMs = 1000): Promise<string> {
    const answer = await fetch(`${this.realtime}/realtime/${path}`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(patienceMs),
    })
    return answer.text()
  }

  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child) await childEnded(child, 'SIGKILL')
  }

  async start(): Promise<void> {
    await this.kill()
    const args = [program, 'serve', '-c', join(this.folder, 'peerage.yaml')]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
    }
    const last = this.people.at(-1)?.extension ?? ''
    for (const began = Date.now(); Date.now() - began < 60_000; await delay(20)) {
      if (child.exitCode !== null) break
      const row = await this.ask('ps_auths/single', `id=${last}`).catch(() => '')
      if (row.includes(last)) return
    }
    throw new Error(`Peerage does not answer: ${this.#said.slice(-2000)}`)
  }

  async reload(qualifySeconds: number): Promise<void> {
    const before = this.#said.length
    await writeFile(join(this.folder, 'peerage.yaml'), this.#configText(qualifySeconds))
    this.#process?.kill('SIGHUP')
    for (const began = Date.now(); Date.now() - began < 30_000; await delay(20)) {
      if (this.#said.includes('"msg":"ready"', before)) return
    }
    throw new Error(`Peerage was not reloaded: ${this.#said.slice(-2000)}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#process
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await Promise.race([once(child, 'exit'), delay(3000)])
    }
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
}

export function companyPeople(count: number, digits: 4 | 6 = 4): readonly CompanyPerson[] {
  return Array.from({ length: count }, (_, index) => ({
    extension: String(10 ** (digits - 1) + index),
    secret: `secret-${index}`,
  }))
}

/** Below `ou=people,dc=example`; each is `uid=u` and the extension. */
export function companyLdif(people: readonly CompanyPerson[]): string {
  return people.map(toLdif).join('')
}

function toLdif({ extension, secret }: CompanyPerson, index: number): string {
  return [
    `dn: uid=u${extension},ou=people,dc=example`,
    'objectClass: inetOrgPerson',
    `uid: u${extension}`,
    `entryUUID: 00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    `cn: Person ${extension}`,
    `sn: ${extension}`,
    `telephoneNumber: ${extension}`,
    `employeeNumber: ${secret}`,
    '',
    '',
  ].join('\n')
}

/** CPU seconds that a process has used so far. */
export async function cpuSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Open file handles of a process. */
export async function openFiles(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length
}

/** Resident memory in megabytes. */
export async function residentMegabytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1]) / 1024
}
