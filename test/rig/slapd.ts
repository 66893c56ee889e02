import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Certificates, makeCertificates } from './certificates.ts'
import { generatedPeople } from './generated-people.ts'
import { ensurePackages } from './packages.ts'
import { childEnded, withSbin } from './processes.ts'
import { freePorts, isListening } from './free-ports.ts'

const run = promisify(execFile)

export interface SlapdOptions {
  /** LDIF records to load below the suffix, or how many people to make up (default 20). */
  readonly people?: string | number
  /** Adds the people with extensions 501 and 502 to made-up people. */
  readonly shortExtensions?: boolean
  /** Default `dc=example,dc=org`. */
  readonly suffix?: string
  /** What an ordinary user may read in one search (default 500); the service account has no limit. */
  readonly sizeLimit?: number
  /** Finds parts of names and numbers by an index, too. */
  readonly substringIndex?: boolean
  /** Further lines for slapd.conf, in the database's section. */
  readonly configuration?: string
}

/** A real OpenLDAP server in a temporary folder, on free ports of 127.0.0.1. */
export interface Slapd extends AsyncDisposable {
  /** Plain LDAP, and StartTLS. */
  readonly url: string
  readonly ldapsUrl: string
  readonly caFile: string
  /** An authority that did not sign the server's certificate. */
  readonly otherCaFile: string
  readonly suffix: string
  readonly peopleBase: string
  /** The service account: reads everything without a limit, writes everything. */
  readonly bindDn: string
  readonly bindPassword: string
  readonly pid: number
  /** Applies LDIF change records (`changetype: modify` and so on; `add` when there is none). */
  modify(ldif: string): Promise<void>
  /** The answer of ldapsearch, as LDIF. */
  search(filter: string, attributes?: readonly string[]): Promise<string>
  /** Kills it at once, without any farewell (SIGKILL). The data stay. */
  kill(): Promise<void>
  /** Ends it in good order: it writes down how far its changes have come. */
  stop(): Promise<void>
  /** Starts it again after `kill`, on the same ports and data. */
  start(): Promise<void>
  /** All of its data as LDIF, with ids and change numbers: a backup. */
  dump(): Promise<string>
  /** Adds entries while it does not run, unchecked and with the ids that are written in them. */
  load(ldif: string): Promise<void>
  /** The data of a backup in place of its own. */
  restore(ldif: string): Promise<void>
  /** The files of its certificate, read when it starts. */
  readonly certificates: Certificates
  describe(): string[]
}

export async function startSlapd(options: SlapdOptions = {}): Promise<Slapd> {
  await ensurePackages(['slapd', 'ldap-utils', 'openssl'])
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-slapd-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))

  const suffix = options.suffix ?? 'dc=example,dc=org'
  const bindDn = `cn=svc,${suffix}`
  const bindPassword = 'svc-secret'
  const certificates = await makeCertificates(folder)
  const configFile = join(folder, 'slapd.conf')
  await mkdir(join(folder, 'data'))
  const settings = { folder, suffix, bindDn, bindPassword, certificates, options }
  await writeFile(configFile, configuration(settings))
  await load(configFile, folder, initialLdif(suffix, bindPassword, options))

  const [port = 0, tlsPort = 0] = await freePorts(2)
  const url = `ldap://127.0.0.1:${port}`
  const ldapsUrl = `ldaps://127.0.0.1:${tlsPort}`
  const login = ['-x', '-H', url, '-D', bindDn, '-w', bindPassword]

  let child: ChildProcess | null = null
  const start = async () => {
    child ??= await launch(['-f', configFile, '-h', `${url}/ ${ldapsUrl}/`], port)
  }
  const stop = async (signal: NodeJS.Signals) => {
    const running = child
    child = null
    if (running) await childEnded(running, signal)
  }
  stack.defer(() => stop('SIGTERM'))
  await start()
  const running = stack.move()

  return {
    url,
    ldapsUrl,
    caFile: certificates.caFile,
    otherCaFile: certificates.otherCaFile,
    suffix,
    peopleBase: `ou=people,${suffix}`,
    bindDn,
    bindPassword,
    get pid() {
      return child?.pid ?? 0
    },
    async modify(ldif) {
      const file = join(folder, `change-${process.hrtime.bigint()}.ldif`)
      await writeFile(file, ldif)
      await run('ldapmodify', [...login, '-a', '-f', file])
    },
    async search(filter, attributes = []) {
      const args = [...login, '-LLL', '-o', 'ldif-wrap=no', '-b', suffix, filter, ...attributes]
      return (await run('ldapsearch', args, { maxBuffer: 256 * 1024 * 1024 })).stdout
    },
    kill: () => stop('SIGKILL'),
    stop: () => stop('SIGTERM'),
    start,
    async dump() {
      const words = ['-f', configFile, '-b', suffix]
      return (await run('slapcat', words, { maxBuffer: 256 * 1024 * 1024, env: withSbin() })).stdout
    },
    load: (ldif) => load(configFile, folder, ldif),
    async restore(ldif) {
      await stop('SIGKILL')
      await rm(join(folder, 'data'), { recursive: true })
      await mkdir(join(folder, 'data'))
      await load(configFile, folder, ldif)
      await start()
    },
    certificates,
    describe: () => [
      `OpenLDAP  ${url} (StartTLS)  ${ldapsUrl}  CA ${certificates.caFile}`,
      `bind as   ${bindDn}  password ${bindPassword}`,
      `search    ldapsearch -x -H ${url} -D ${bindDn} -w ${bindPassword} -b ou=people,${suffix}`,
    ],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

interface Settings {
  readonly folder: string
  readonly suffix: string
  readonly bindDn: string
  readonly bindPassword: string
  readonly certificates: { caFile: string; certFile: string; keyFile: string }
  readonly options: SlapdOptions
}

function configuration(settings: Settings): string {
  const { folder, suffix, bindDn, certificates, options } = settings
  return `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
moduleload memberof
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${certificates.caFile}
TLSCertificateFile ${certificates.certFile}
TLSCertificateKeyFile ${certificates.keyFile}
sizelimit ${options.sizeLimit ?? 500}
database mdb
suffix "${suffix}"
directory ${folder}/data
maxsize 1073741824
rootdn "cn=root,${suffix}"
limits dn.exact="${bindDn}" size=unlimited time=unlimited
dbnosync
index objectClass,entryCSN,entryUUID,modifyTimestamp eq
index uid,mail,member eq
index cn,sn,telephoneNumber,mobile eq${options.substringIndex ? ',sub' : ''}
overlay memberof
overlay syncprov
syncprov-checkpoint 100 10
syncprov-sessionlog 100000
access to attrs=userPassword by dn.exact="${bindDn}" write by anonymous auth by * none
access to * by dn.exact="${bindDn}" write by * read
${options.configuration ?? ''}
`
}

function initialLdif(suffix: string, password: string, options: SlapdOptions): string {
  const [, rdn = 'example'] = /^dc=([^,]+)/i.exec(suffix) ?? []
  const people =
    typeof options.people === 'string'
      ? options.people
      : generatedPeople({
          suffix,
          count: options.people ?? 20,
          shortExtensions: options.shortExtensions ?? false,
        })
  return [
    `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: ${rdn}`,
    `dn: ou=people,${suffix}\nobjectClass: organizationalUnit\nou: people`,
    `dn: ou=groups,${suffix}\nobjectClass: organizationalUnit\nou: groups`,
    `dn: cn=svc,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: svc\nuserPassword: ${password}`,
    people,
  ].join('\n\n')
}

async function load(configFile: string, folder: string, ldif: string): Promise<void> {
  const file = join(folder, 'initial.ldif')
  await writeFile(file, ldif)
  await run('slapadd', ['-q', '-f', configFile, '-l', file], {
    maxBuffer: 64 * 1024 * 1024,
    env: withSbin(),
  })
}

async function launch(args: readonly string[], port: number): Promise<ChildProcess> {
  // With -d, even 0, slapd stays in the foreground: its pid is ours to stop.
  const child = spawn('slapd', ['-d', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: withSbin(),
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  while (!(await isListening(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`slapd did not start: ${said.trim() || `exit ${child.exitCode}`}`)
    }
  }
  return child
}
