import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { writeAsteriskFolder, type Doors } from './asterisk-folder.ts'
import { ensureAsterisk, type AsteriskTree, type AsteriskVersion } from './asterisk-tree.ts'
import { freePorts } from './free-ports.ts'
import { childEnded } from './processes.ts'

/** A running Asterisk, on loopback only, with the very configuration of `asterisk/22` or `/16`. */
export interface Asterisk extends AsyncDisposable {
  readonly version: AsteriskVersion
  readonly sipPort: number
  /** `127.0.0.1:port`, as phones want it. */
  readonly sipServer: string
  /** Its manager interface, as `asterisk: ami:` of peerage.yaml wants it. */
  readonly ami: AmiAccess
  /** Its REST interface, as `asterisk: ari:` of peerage.yaml wants it; 22 only. */
  readonly ari: AriAccess
  /** Its work folder: configuration, voicemail, logs. Gone after the disposal. */
  readonly folder: string
  /** Runs a console command and returns what it prints. */
  cli(command: string): Promise<string>
  /** The whole log so far: notices, warnings, errors, and each step of the dialplan. */
  logs(): Promise<string>
  /** Resolves as soon as the log says so, `after` characters from its beginning. */
  logged(text: string, after?: number, withinMs?: number): Promise<void>
  stop(): Promise<void>
  /** Ends it as a crash would (SIGKILL). */
  kill(): Promise<void>
  /** Of the running process. */
  readonly pid: number | undefined
  /** Stops it if it runs and starts it again in the same folder: what it wrote is still there. */
  restart(): Promise<void>
  /** What to try, a line each. */
  describe(): string[]
}

export interface AsteriskOptions {
  readonly version: AsteriskVersion
  /** Where Peerage's `listen.pbx` answers, e.g. `http://127.0.0.1:8070`. */
  readonly realtime: string
  /**
   * A folder of files that `peerage asterisk config` wrote, in place of the shipped ones; they hold
   * `realtime` and `ami`.
   */
  readonly printed?: string
  /** Ports of `listen.agi` and `listen.web`, for calls that ask there; default: nobody is there. */
  readonly calls?: { readonly agi: number; readonly web: number }
  /** Further configuration files by name, e.g. `pjsip_trunks.conf`; they replace shipped ones. */
  readonly files?: Readonly<Record<string, string>>
  /** Who may use its manager interface, and where; default: user `peerage` on a free port. */
  readonly ami?: AmiAccess
  /** The same for its REST interface; 22 only. */
  readonly ari?: AriAccess
  /** Where phones register, of `freeUdpPort`; default: any. */
  readonly sipPort?: number
}

export interface AmiAccess {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

/** A manager interface to be, for a service that is started before its Asterisk. */
export async function freeAmi(): Promise<AmiAccess> {
  const [port = 0] = await freePorts(1)
  const password = randomBytes(16).toString('hex')
  return { host: '127.0.0.1', port, user: 'peerage', password }
}

export interface AriAccess {
  readonly url: string
  readonly user: string
  readonly password: string
}

/** A REST interface to be. */
export async function freeAri(): Promise<AriAccess> {
  const [port = 0] = await freePorts(1)
  const password = randomBytes(16).toString('hex')
  return { url: `http://127.0.0.1:${port}`, user: 'peerage', password }
}

const bootMs = 30_000
const run = promisify(execFile)

export async function startAsterisk(options: AsteriskOptions): Promise<Asterisk> {
  const tree = await ensureAsterisk(options.version)
  const folder = await mkdtemp(join(tmpdir(), `asterisk-${options.version}-`))
  const sipPort = options.sipPort ?? (await freeUdpPort())
  const ami = options.ami ?? (await freeAmi())
  const ari = options.ari ?? (await freeAri())
  const doors = { sipPort, ami, ari }
  await writeAsteriskFolder(tree, folder, doors, options)
  const asterisk = new RunningAsterisk(tree, folder, doors)
  try {
    await asterisk.restart()
  } catch (cause) {
    await asterisk[Symbol.asyncDispose]()
    throw cause
  }
  return asterisk
}

class RunningAsterisk implements Asterisk {
  readonly version: AsteriskVersion
  readonly sipPort: number
  readonly ami: AmiAccess
  readonly ari: AriAccess
  readonly folder: string
  readonly #tree: AsteriskTree
  #process: ChildProcess | undefined
  #said = ''

  constructor(tree: AsteriskTree, folder: string, { sipPort, ami, ari }: Doors) {
    this.#tree = tree
    this.version = tree.version
    this.folder = folder
    this.sipPort = sipPort
    this.ami = ami
    this.ari = ari
  }

  get sipServer(): string {
    return `127.0.0.1:${this.sipPort}`
  }

  async cli(command: string): Promise<string> {
    const [file, ...args] = this.#command()
    return (await run(file, [...args, '-rx', command], { maxBuffer: 64 * 1024 * 1024 })).stdout
  }

  logs(): Promise<string> {
    return readFile(join(this.folder, 'log/messages'), 'utf8').catch(() => '')
  }

  async logged(text: string, after = 0, withinMs = 20_000): Promise<void> {
    const deadline = Date.now() + withinMs
    while (!(await this.logs()).includes(text, after)) {
      if (Date.now() > deadline) throw new Error(`asterisk ${this.version} never logged ${text}`)
      await delay(50)
    }
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child !== undefined) await childEnded(child, 'SIGKILL')
  }

  async stop(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const late = AbortSignal.timeout(5_000)
    late.addEventListener('abort', () => child.kill('SIGKILL'))
    await exited
  }

  async restart(): Promise<void> {
    await this.stop()
    const [file, ...args] = this.#command()
    const child = spawn(file, [...args, '-f'], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    this.#said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
    }
    await this.#booted(child)
  }

  describe(): string[] {
    const cli = [...this.#command(), '-r'].join(' ')
    const technology = this.version === 16 ? 'chan_sip' : 'PJSIP'
    return [
      `Asterisk ${this.version} (${technology}) listens for SIP on udp ${this.sipServer}`,
      `its manager interface on tcp 127.0.0.1:${this.ami.port}, user ${this.ami.user}, password ${this.ami.password}`,
      `configuration, logs and voicemail: ${this.folder}`,
      `console: ${cli}`,
    ]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  #command(): readonly [string, ...string[]] {
    return [...this.#tree.command, '-C', join(this.folder, 'etc/asterisk.conf')]
  }

  async #booted(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + bootMs
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) break
      // The console socket is not there at first, and says so by an error.
      const answer = await this.cli('core waitfullybooted').catch(() => '')
      if (answer.includes('fully booted')) return
      await delay(50)
    }
    const last = `${this.#said}${await this.logs()}`.trim().split('\n').slice(-8).join('\n')
    const how = child.exitCode === null ? `did not boot within ${bootMs / 1000} s` : 'did not start'
    throw new Error(`asterisk ${this.version} ${how}:\n${last}`)
  }
}

/** A port that nobody listens on at this moment. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
