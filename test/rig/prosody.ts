import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts, isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { childEnded, withSbin } from './processes.ts'

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
    signIn: (user, password) => signIn(port, host, user, password),
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

/** As a messenger does: stream, SASL PLAIN (RFC 4616), stream again, resource. */
async function signIn(port: number, host: string, user: string, password: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  const open = `<?xml version="1.0"?><stream:stream to="${host}" version="1.0" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams">`
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64')
  const bind = `<iq type="set" id="b1"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>`
  const steps: [RegExp, string][] = [
    [
      /<mechanism>PLAIN<\/mechanism>/,
      `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${plain}</auth>`,
    ],
    [/<success /, open],
    [/<bind /, bind],
  ]
  socket.write(open)
  let text = ''
  try {
    for await (const chunk of socket) {
      text += chunk as string // its encoding was set
      const failure =
        /<failure[^>]*><([a-z-]+)\/?>.*?(?:<text[^>]*>([^<]*)<\/text>)?<\/failure>/s.exec(text)
      if (failure) return [failure[1], failure[2]].filter(Boolean).join(': ')
      const jid = /<jid>([^<]+)<\/jid>/.exec(text)?.[1]
      if (jid !== undefined) return `signed in as ${jid.replace(/\/.*/, '')}`
      const [expected, answer] = steps[0] ?? []
      if (!expected?.test(text) || answer === undefined) continue
      steps.shift()
      text = ''
      socket.write(answer)
    }
    return 'the connection was closed'
  } finally {
    socket.destroy()
  }
}
