import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts, isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { childEnded, withSbin } from './processes.ts'
import { signInAtXmpp } from './xmpp.ts'

/** A real Prosody on a free port of 127.0.0.1, with the module of ours that asks Peerage. */
export interface Prosody extends AsyncDisposable {
  readonly host: string
  /** `signed in as JID`, or the server's own words for why not (RFC 6120, 6). */
  signIn(user: string, password: string): Promise<string>
}

const plugins = fileURLToPath(new URL('../../prosody/', import.meta.url))

/** `settings`: lines of its configuration, such as `peerage_url = "…"`. */
export async function startProsody(settings: readonly string[]): Promise<Prosody> {
  await ensurePackages(['prosody'])
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-prosody-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [port = 0] = await freePorts(1)
  const host = 'example.org'
  const file = join(folder, 'prosody.cfg.lua')
  await mkdir(join(folder, 'data'))
  await writeFile(file, configuration({ folder, port, host, settings }))
  const child = spawn('prosody', ['--config', file, '-F'], { stdio: 'pipe', env: withSbin() })
  stack.defer(() => childEnded(child, 'SIGTERM'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  }
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`prosody did not start: ${said.trim()}`)
  }
  const running = stack.move()
  return {
    host,
    signIn: (user, password) => signInAtXmpp(port, host, user, password),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function configuration(about: {
  readonly folder: string
  readonly port: number
  readonly host: string
  readonly settings: readonly string[]
}): string {
  return `run_as_root = true
pidfile = "${about.folder}/prosody.pid"
data_path = "${about.folder}/data"
plugin_paths = { "${plugins}" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${about.port} }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
modules_enabled = { "saslauth", "roster" }
modules_disabled = { "s2s" }
log = { { levels = { min = "info" }, to = "console" } }
authentication = "peerage"
${about.settings.join('\n')}
VirtualHost "${about.host}"
`
}
