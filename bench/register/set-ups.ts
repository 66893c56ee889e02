import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { freeAmi, startAsterisk } from '../../test/rig/asterisk.ts'
import { cpuSeconds, startCompany, type CompanyPerson } from '../../test/rig/company.ts'
import { childEnded } from '../../test/rig/processes.ts'
import {
  driverFiles,
  peerageFiles,
  staticFiles,
  tables,
  type Files,
  type PeerageFiles,
  type Row,
  type Table,
  type Tables,
} from './asterisk-files.ts'
import { startDirectory } from './directory.ts'
import { startPostgres } from './postgres.ts'

/** An Asterisk, and whatever it asks for people. */
export interface SetUp extends AsyncDisposable {
  readonly name: SetUpName
  readonly sipServer: string
  /** CPU seconds used so far. */
  used(): Promise<Used>
}

export interface Used {
  readonly asterisk: number
  readonly backEnd: number
}

export const setUpNames = [
  'static',
  'cached, local',
  'cached, shared',
  'plain, local',
  'constant',
  'pgsql',
  'ldap',
] as const
export type SetUpName = (typeof setUpNames)[number]

/** What every set-up has in common: the same people, in the same rows. */
export interface Common {
  readonly people: readonly CompanyPerson[]
  readonly tables: Tables
}

export async function readCommon(count: number): Promise<Common> {
  await using company = await startCompany({ people: count })
  const { people } = company
  const rows: Record<Table, Row[]> = { ps_endpoints: [], ps_auths: [], ps_aors: [] }
  for (const table of tables) {
    for (const { extension } of people) {
      const answer = await company.ask(`${table}/single`, `id=${extension}`)
      rows[table].push(decodePairs(answer.trim()))
    }
  }
  return { people, tables: rows }
}

/** `shared`: contacts are kept by Peerage, and each phone is woken; else by Asterisk. */
export function openSetUp(name: SetUpName, common: Common): Promise<SetUp> {
  switch (name) {
    case 'static':
      return openStatic(name, common)
    case 'cached, local':
      return openPeerage(name, common, { hasCaches: true, contacts: 'local' })
    case 'cached, shared':
      return openPeerage(name, common, { hasCaches: true, contacts: 'shared' })
    case 'plain, local':
      return openPeerage(name, common, { hasCaches: false, contacts: 'local' })
    case 'constant':
      return openConstant(name, common)
    case 'pgsql':
      return openPostgres(name, common)
    case 'ldap':
      return openDirectory(name, common)
  }
}

async function openStatic(name: SetUpName, common: Common): Promise<SetUp> {
  const files = await staticFiles(common.tables)
  return started(name, new AsyncDisposableStack(), files, undefined)
}

async function openPeerage(name: SetUpName, { people }: Common, how: PeerageFiles): Promise<SetUp> {
  await using stack = new AsyncDisposableStack()
  const ami = await freeAmi()
  const isListed = how.contacts === 'local'
  const company = stack.use(
    await startCompany({ people: people.length, isListed, ...(how.hasCaches && { ami }) }),
  )
  const files = await peerageFiles(how)
  return started(name, stack.move(), files, company.pid, { ami, realtime: company.realtime })
}

async function openConstant(name: SetUpName, common: Common): Promise<SetUp> {
  await using stack = new AsyncDisposableStack()
  const child = fork(new URL('constant-server.ts', import.meta.url))
  stack.defer(() => childEnded(child, 'SIGKILL'))
  const answers = tables.flatMap((table) =>
    common.tables[table].map((row) => {
      const line = row.map(([column, value]) => `${column}=${encodeURIComponent(value)}`)
      return [`/realtime/${table}/single id=${row[0]?.[1]}`, `${line.join('&')}\n`] as const
    }),
  )
  child.send(Object.fromEntries(answers))
  const [port] = await once(child, 'message')
  const files = await peerageFiles({ hasCaches: false, contacts: 'local' })
  return started(name, stack.move(), files, child.pid, { realtime: `http://127.0.0.1:${port}` })
}

async function openPostgres(name: SetUpName, common: Common): Promise<SetUp> {
  await using stack = new AsyncDisposableStack()
  const { port, pid } = stack.use(await startPostgres(common.tables))
  const settings = `[general]\ndbhost = 127.0.0.1\ndbport = ${port}\ndbname = postgres\ndbuser = asterisk\ndbpass = none\n`
  const files = await driverFiles('res_config_pgsql.so', (table) => `pgsql,postgres,${table}`, {
    'res_pgsql.conf': settings,
  })
  return started(name, stack.move(), files, pid)
}

async function openDirectory(name: SetUpName, common: Common): Promise<SetUp> {
  await using stack = new AsyncDisposableStack()
  const { base, settings, pid } = stack.use(await startDirectory(common.tables))
  const mapping = (table: Table) => `ldap,"${base}",${table}`
  const files = await driverFiles('res_config_ldap.so', mapping, { 'res_ldap.conf': settings })
  return started(name, stack.move(), files, pid)
}

async function started(
  name: SetUpName,
  backEnd: AsyncDisposableStack,
  files: Files,
  pid: number | undefined,
  more: Partial<Parameters<typeof startAsterisk>[0]> = {},
): Promise<SetUp> {
  await using stack = new AsyncDisposableStack()
  stack.use(backEnd)
  const asterisk = stack.use(await startAsterisk({ version: 22, realtime: '', files, ...more }))
  const opened = stack.move()
  return {
    name,
    sipServer: asterisk.sipServer,
    async used() {
      const own = await cpuSeconds(asterisk.pid ?? 0)
      return { asterisk: own, backEnd: pid === undefined ? 0 : await familySeconds(pid) }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Of a process and its children, such as those that PostgreSQL makes for each connection. */
async function familySeconds(pid: number): Promise<number> {
  const listed = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const children = await Promise.all(
    listed.map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0])
      return parent === pid ? cpuSeconds(Number(name)).catch(() => 0) : 0
    }),
  )
  return children.reduce((sum, seconds) => sum + seconds, await cpuSeconds(pid))
}
