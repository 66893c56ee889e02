import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { CompanyPerson } from '../../test/rig/company.ts'
import { freePorts } from '../../test/rig/free-ports.ts'
import { ensurePackages } from '../../test/rig/packages.ts'

/** Many phones that register with digest, by sipp. */
export interface Sipp extends AsyncDisposable {
  register(server: string, load: Load): Promise<Outcome>
}

export interface Load {
  readonly perSecond: number
  /** REGISTERs in all; each phone in turn. */
  readonly count: number
}

export interface Outcome {
  /** Not answered with 200 and a Contact within two seconds, as a part of all. */
  readonly failed: number
}

const run = promisify(execFile)
const patienceMs = 2_000

export async function openSipp(people: readonly CompanyPerson[]): Promise<Sipp> {
  await ensurePackages(['sip-tester'])
  const folder = await mkdtemp(join(tmpdir(), 'peerage-sipp-'))
  const lines = people.map(
    ({ extension, secret }) =>
      `${extension};[authentication username=${extension} password=${secret}]`,
  )
  await writeFile(join(folder, 'phones.csv'), `SEQUENTIAL\n${lines.join('\n')}\n`)
  await writeFile(join(folder, 'register.xml'), scenario)
  const [port = 0] = await freePorts(1)
  return {
    async register(server, { perSecond, count }) {
      for (const name of await written(folder)) await rm(join(folder, name))
      const options = {
        sf: 'register.xml',
        inf: 'phones.csv',
        i: '127.0.0.1',
        p: port,
        r: perSecond,
        m: count,
        l: count,
        recv_timeout: patienceMs,
        rtt_freq: 1,
        default_behaviors: 'none',
      }
      const args = Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)])
      // It ends with 1 when a single phone was not let in.
      await run('sipp', [...args, '-trace_rtt', '-nostdin', server], {
        cwd: folder,
        maxBuffer: 64 * 1024 * 1024,
      }).catch(unlessRefused)
      return { failed: 1 - (await countLetIn(folder)) / count }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function unlessRefused(error: unknown): void {
  if (Reflect.get(Object(error), 'code') !== 1) throw error
}

async function written(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('_rtt.csv'))
}

/** A line for each who was let in. */
async function countLetIn(folder: string): Promise<number> {
  const [name] = await written(folder)
  if (name === undefined) return 0
  return (await readFile(join(folder, name), 'utf8')).trim().split('\n').length - 1
}

function request(sequence: number, more: string): string {
  return `<![CDATA[
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:[field0]@[remote_ip]>;tag=[call_number]
To: <sip:[field0]@[remote_ip]>
Call-ID: [call_id]
CSeq: ${sequence} REGISTER
Contact: <sip:[field0]@[local_ip]:[local_port]>
Expires: 3600
${more}Content-Length: 0

]]>`
}

const scenario = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="register">
  <send retrans="500" start_rtd="1">${request(1, '')}</send>
  <recv response="401" auth="true"/>
  <send retrans="500">${request(2, '[field1]\n')}</send>
  <recv response="200" rtd="1">
    <action>
      <ereg regexp="sip:" search_in="hdr" header="Contact:" check_it="true" assign_to="1"/>
    </action>
  </recv>
  <Reference variables="1"/>
</scenario>
`
