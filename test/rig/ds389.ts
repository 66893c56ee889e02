import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts, isListening } from './free-ports.ts'
import { generatedPeople } from './generated-people.ts'
import { ensurePackages } from './packages.ts'
import { childEnded, withSbin } from './processes.ts'

const run = promisify(execFile)

export interface Ds389Options {
  /** LDIF records to load below the suffix, or how many people to make up (default 20). */
  readonly people?: string | number
}

/** A real 389 Directory Server on free ports of 127.0.0.1. */
export interface Ds389 extends AsyncDisposable {
  readonly url: string
  readonly ldapsUrl: string
  readonly caFile: string
  /** The name in the server's certificate. */
  readonly serverName: string
  readonly suffix: string
  readonly peopleBase: string
  /** A service account that may read everything without a limit. */
  readonly bindDn: string
  readonly bindPassword: string
  readonly pid: number
  modify(ldif: string): Promise<void>
  search(filter: string, attributes?: readonly string[]): Promise<string>
  kill(): Promise<void>
  start(): Promise<void>
  /** A copy of its data as they are now; it stops for a moment. */
  backup(): Promise<string>
  /** Such a copy in place of its data. */
  restore(backup: string): Promise<void>
  describe(): string[]
}

const suffix = 'dc=example,dc=org'
const managerPassword = 'Secret-Pass1'
const bindPassword = 'svc-secret'

export async function startDs389(options: Ds389Options = {}): Promise<Ds389> {
  if (process.getuid?.() !== 0) {
    throw new Error('A 389 Directory Server is set up below /etc/dirsrv: run as root.')
  }
  await ensurePackages(['389-ds-base', 'ldap-utils'])
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-ds389-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [port = 0, tlsPort = 0] = await freePorts(2)
  const instance = `peerage${process.pid}x${port}`
  const python = await writeWrapper(folder)
  stack.defer(async () => {
    await python('/usr/sbin/dsctl', instance, 'remove', '--do-it')
    await rm(`/run/dirsrv/slapd-${instance}.pid`, { force: true })
  })
  await prepareRunFolder()
  await writeFile(join(folder, 'instance.inf'), instanceInf(instance, port, tlsPort))
  await python('/usr/sbin/dscreate', 'from-file', join(folder, 'instance.inf'))
  await python('/usr/sbin/dsctl', instance, 'stop')

  let child: ChildProcess | null = null
  const start = async () => {
    child ??= await launch(instance, port)
  }
  const stop = async (signal: NodeJS.Signals) => {
    const running = child
    child = null
    if (running) await childEnded(running, signal)
  }
  stack.defer(() => stop('SIGTERM'))
  await start()

  const url = `ldap://127.0.0.1:${port}`
  const ldapsUrl = `ldaps://127.0.0.1:${tlsPort}`
  const manager = ['-x', '-H', url, '-D', 'cn=Directory Manager', '-w', managerPassword]
  const modify = async (ldif: string) => {
    const file = join(folder, `change-${process.hrtime.bigint()}.ldif`)
    await writeFile(file, ldif)
    await run('ldapmodify', [...manager, '-a', '-f', file], { maxBuffer: 64 * 1024 * 1024 })
  }
  await modify(initialLdif(options))
  const running = stack.move()

  const data = `/var/lib/dirsrv/slapd-${instance}/db`
  const caFile = `/etc/dirsrv/slapd-${instance}/ca.crt`
  const bindDn = `uid=svc,${suffix}`
  return {
    url,
    ldapsUrl,
    caFile,
    serverName: 'localhost',
    suffix,
    peopleBase: `ou=people,${suffix}`,
    bindDn,
    bindPassword,
    get pid() {
      return child?.pid ?? 0
    },
    modify,
    async search(filter, attributes = []) {
      const args = [...manager, '-LLL', '-o', 'ldif-wrap=no', '-b', suffix, filter, ...attributes]
      return (await run('ldapsearch', args, { maxBuffer: 256 * 1024 * 1024 })).stdout
    },
    kill: () => stop('SIGKILL'),
    start,
    async backup() {
      const backup = join(folder, `backup-${process.hrtime.bigint()}`)
      await stop('SIGTERM')
      await run('cp', ['-a', data, backup])
      await start()
      return backup
    },
    async restore(backup) {
      await stop('SIGTERM')
      await rm(data, { recursive: true })
      await run('cp', ['-a', backup, data])
      await start()
    },
    describe: () => [
      `389-ds    ${url} (StartTLS)  ${ldapsUrl}  CA ${caFile} (certificate of localhost)`,
      `bind as   ${bindDn}  password ${bindPassword}`,
      `          cn=Directory Manager  password ${managerPassword}`,
      `search    ldapsearch -x -H ${url} -D ${bindDn} -w ${bindPassword} -b ou=people,${suffix}`,
    ],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/**
 * Runs 389's own tools, with two things put right: they insist on systemd, which a container lacks,
 * and a new instance would listen on every address of the machine.
 */
async function writeWrapper(folder: string): Promise<(...words: string[]) => Promise<void>> {
  const file = join(folder, 'wrapper.py')
  await writeFile(
    file,
    `import re, runpy, sys
from lib389 import DirSrv
from lib389.paths import Paths
Paths.with_systemd = property(lambda self: False)
start = DirSrv.start
def start_on_loopback(self, *args, **named):
    path = '/etc/dirsrv/slapd-%s/dse.ldif' % self.serverid
    text = open(path).read()
    if 'nsslapd-listenhost: 127.0.0.1' not in text:
        lines = 'nsslapd-listenhost: 127.0.0.1\\nnsslapd-securelistenhost: 127.0.0.1\\n'
        open(path, 'w').write(re.sub(r'(?m)^(dn: cn=config\\n)', r'\\1' + lines, text, count=1))
    return start(self, *args, **named)
DirSrv.start = start_on_loopback
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')
`,
  )
  return async (...words) => {
    await run('/usr/bin/python3', [file, ...words], {
      maxBuffer: 16 * 1024 * 1024,
      env: withSbin(),
    })
  }
}

async function prepareRunFolder(): Promise<void> {
  await mkdir('/run/dirsrv', { recursive: true })
  const users = await readFile('/etc/passwd', 'utf8')
  const [, uid = '0', gid = '0'] = /^dirsrv:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  await chown('/run/dirsrv', Number(uid), Number(gid))
}

function instanceInf(instance: string, port: number, tlsPort: number): string {
  return `[general]
config_version = 2
full_machine_name = localhost
strict_host_checking = False
systemd = False
start = True
[slapd]
instance_name = ${instance}
port = ${port}
secure_port = ${tlsPort}
root_password = ${managerPassword}
self_sign_cert = True
[backend-userroot]
suffix = ${suffix}
create_suffix_entry = True
sample_entries = no
`
}

async function launch(instance: string, port: number): Promise<ChildProcess> {
  const words = ['-D', `/etc/dirsrv/slapd-${instance}`, '-i', `/run/dirsrv/slapd-${instance}.pid`]
  // With -d, even 0, it stays in the foreground: its pid is ours to stop.
  const child = spawn('/usr/sbin/ns-slapd', [...words, '-d', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`ns-slapd did not start: ${said.trim()}`)
  }
  return child
}

function initialLdif({ people }: Ds389Options): string {
  const limits = [
    'nsSizeLimit: -1',
    'nsTimeLimit: -1',
    'nsLookThroughLimit: -1',
    'nsPagedSizeLimit: -1',
  ]
  const aci = `(targetattr="* || nsUniqueId || entryUUID || memberOf || nsAccountLock || modifyTimestamp")(targetfilter="(objectClass=*)")(version 3.0; acl "svc reads"; allow (read, search, compare) userdn="ldap:///uid=svc,${suffix}";)`
  return [
    `dn: ${suffix}\nchangetype: modify\nadd: aci\naci: ${aci}`,
    `dn: ou=people,${suffix}\nobjectClass: organizationalUnit\nou: people`,
    `dn: ou=groups,${suffix}\nobjectClass: organizationalUnit\nou: groups`,
    `dn: uid=svc,${suffix}\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: svc\nuserPassword: ${bindPassword}\n${limits.join('\n')}`,
    typeof people === 'string' ? people : generatedPeople({ suffix, count: people ?? 20 }),
  ].join('\n\n')
}
