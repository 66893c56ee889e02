import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { groupEnded, withSbin } from './processes.ts'

const run = promisify(execFile)

const packages = [
  'samba',
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-dsdb-modules',
  'samba-vfs-modules',
  'winbind',
  'krb5-user',
  'ldb-tools',
  'ldap-utils',
  'python3-samba',
  'python3-setproctitle',
  'attr',
  'acl',
]

export interface SambaUser {
  readonly name: string
  readonly password?: string
  readonly givenName?: string
  readonly surname?: string
  /** Any attributes: name -> values. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>
}

/** A real Active Directory domain controller (Samba) on the fixed ports of the loopback address. */
export interface Samba extends AsyncDisposable {
  readonly url: string
  readonly ldapsUrl: string
  readonly caFile: string
  /** The name in the server's certificate. */
  readonly serverName: string
  readonly suffix: string
  readonly usersBase: string
  /** A plain account without any special rights, as a service should have. */
  readonly bindUser: string
  readonly bindPassword: string
  readonly adminUser: string
  readonly adminPassword: string
  readonly pid: number
  addUser(user: SambaUser): Promise<void>
  /** `count` users `u1000…` with numbers, in one go. */
  addUsers(count: number): Promise<void>
  addGroup(name: string, members: readonly string[]): Promise<void>
  disable(name: string): Promise<void>
  /** LDIF change records, straight into the database. */
  modify(ldif: string): Promise<void>
  /** `samba-tool` with these words. */
  tool(...words: string[]): Promise<string>
  kill(): Promise<void>
  start(): Promise<void>
  /** A copy of its data as they are now; it stops for a moment. */
  backup(): Promise<string>
  /** Such a copy in place of its data. */
  restore(backup: string): Promise<void>
  describe(): string[]
}

const suffix = 'DC=rig,DC=example'
const host = '127.0.0.1'

export async function startSamba(): Promise<Samba> {
  if (process.getuid?.() !== 0) {
    throw new Error(
      'A Samba domain controller wants root (it owns files for its users): run as root.',
    )
  }
  await ensurePackages(packages)
  await refuseTakenPort()
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-samba-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  await provision(folder)

  const configFile = join(folder, 'etc/smb.conf')
  const database = join(folder, 'private/sam.ldb')
  const tool = async (...words: string[]) => {
    const args = [...words, '-s', configFile, '-H', database]
    return (await run('samba-tool', args, { env: withSbin() })).stdout
  }
  const modify = async (ldif: string) => {
    const file = join(folder, `change-${process.hrtime.bigint()}.ldif`)
    await writeFile(file, ldif)
    await run('ldbmodify', ['-H', database, file], { env: withSbin() })
  }
  const addUser = async (user: SambaUser) => {
    const password = user.password ?? userPassword
    const names = [
      ...(user.givenName ? [`--given-name=${user.givenName}`] : []),
      ...(user.surname ? [`--surname=${user.surname}`] : []),
    ]
    await tool('user', 'create', user.name, password, ...names)
    const changes = Object.entries(user.attributes ?? {}).map(
      ([name, values]) =>
        `replace: ${name}\n${values.map((value) => `${name}: ${value}\n`).join('')}-\n`,
    )
    const dn = `CN=${[user.givenName, user.surname].filter(Boolean).join(' ') || user.name}`
    if (changes.length === 0) return
    await modify(`dn: ${dn},CN=Users,${suffix}\nchangetype: modify\n${changes.join('')}`)
  }

  await tool('user', 'create', 'svc', userPassword)
  let child: ChildProcess | null = null
  const start = async () => {
    child ??= await launch(configFile)
  }
  const stop = async (signal: NodeJS.Signals) => {
    const running = child
    child = null
    if (running) await groupEnded(running, signal)
    // The processes that it had forked may hold the ports for a moment longer.
    for (const port of [389, 636]) while (await isListening(port, host)) continue
  }
  stack.defer(() => stop('SIGTERM'))
  await start()
  const running = stack.move()

  const url = `ldap://${host}`
  const ldapsUrl = `ldaps://${host}`
  const caFile = join(folder, 'private/tls/ca.pem')
  return {
    url,
    ldapsUrl,
    caFile,
    serverName: 'dc1.rig.example',
    suffix,
    usersBase: `CN=Users,${suffix}`,
    bindUser: 'svc@rig.example',
    bindPassword: userPassword,
    adminUser: 'Administrator@rig.example',
    adminPassword,
    get pid() {
      return child?.pid ?? 0
    },
    addUser,
    async addUsers(count) {
      const file = join(folder, 'users.ldif')
      await writeFile(file, manyUsers(count))
      await run('ldbadd', ['-H', database, file], {
        env: withSbin(),
        maxBuffer: 64 * 1024 * 1024,
      })
    },
    async addGroup(name, members) {
      await tool('group', 'add', name)
      if (members.length > 0) await tool('group', 'addmembers', name, members.join(','))
    },
    async disable(name) {
      await tool('user', 'disable', name)
    },
    modify,
    tool,
    kill: () => stop('SIGKILL'),
    start,
    async backup() {
      const backup = join(folder, `backup-${process.hrtime.bigint()}`)
      await stop('SIGTERM')
      await run('cp', ['-a', join(folder, 'private'), backup])
      await start()
      return backup
    },
    async restore(backup) {
      await stop('SIGKILL')
      await rm(join(folder, 'private'), { recursive: true })
      await run('cp', ['-a', backup, join(folder, 'private')])
      await start()
    },
    describe: () => [
      `Samba AD  ${url} (StartTLS)  ${ldapsUrl}  CA ${caFile} (certificate of dc1.rig.example)`,
      `bind as   svc@rig.example  password ${userPassword}`,
      `          Administrator@rig.example  password ${adminPassword}`,
      `search    LDAPTLS_REQCERT=never ldapsearch -x -H ${ldapsUrl} -D svc@rig.example -w '${userPassword}' -b ${suffix} '(sAMAccountName=svc)'`,
    ],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

const adminPassword = 'Adm1n-Pass!'
const userPassword = 'Passw0rd!A'

async function refuseTakenPort(): Promise<void> {
  for (const port of [389, 636]) {
    if (await isListening(port, host)) {
      throw new Error(
        `Port ${port} is taken: a domain controller needs 389 and 636; stop what listens there.`,
      )
    }
  }
}

async function provision(folder: string): Promise<void> {
  await run(
    'samba-tool',
    [
      'domain',
      'provision',
      '--realm=RIG.EXAMPLE',
      '--domain=RIG',
      '--server-role=dc',
      '--dns-backend=NONE',
      `--adminpass=${adminPassword}`,
      '--host-name=dc1',
      `--host-ip=${host}`,
      `--targetdir=${folder}`,
      '--option=interfaces = lo',
      '--option=bind interfaces only = yes',
      '--option=server services = ldap, cldap, kdc, drepl, rpc',
    ],
    { env: withSbin(), maxBuffer: 16 * 1024 * 1024 },
  )
}

async function launch(configFile: string): Promise<ChildProcess> {
  const words = ['-s', configFile, '-F', '--no-process-group', '--model=standard', '--debug-stdout']
  const child = spawn('samba', [...words, '-d', '0'], {
    // A group of its own: a kill must reach the processes that it forks for each connection.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withSbin(),
  })
  let said = ''
  const hear = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000))
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`samba did not start: ${said.trim()}`)
  }
  return child
}

/** Its ports are open before the process behind them is ready. */
async function answers(): Promise<boolean> {
  if (!(await isListening(636, host))) return false
  try {
    const env = { ...process.env, LDAPTLS_REQCERT: 'never' }
    const words = ['-x', '-H', `ldaps://${host}`, '-o', 'nettimeout=2', '-s', 'base', '-b', '']
    await run('ldapsearch', words, { env })
    return true
  } catch {
    return false
  }
}

function manyUsers(count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const extension = 1000 + index
    return [
      `dn: CN=Person ${extension},CN=Users,${suffix}`,
      'objectClass: user',
      `sAMAccountName: u${extension}`,
      `userPrincipalName: u${extension}@rig.example`,
      'givenName: Person',
      `sn: ${extension}`,
      `displayName: Person ${extension}`,
      `telephoneNumber: +49 30 1234 ${extension}`,
      `ipPhone: ${extension}`,
      `mail: u${extension}@rig.example`,
    ].join('\n')
  }).join('\n\n')
}
