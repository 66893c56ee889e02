import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts, isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { groupEnded, withSbin } from './processes.ts'
import { signInAtXmpp } from './xmpp.ts'

/** A real ejabberd on a free port of 127.0.0.1, with the program of ours that asks Peerage. */
export interface Ejabberd extends AsyncDisposable {
  /** `signed in as JID`, or the server's own words for why not. */
  signIn(user: string, password: string): Promise<string>
}

const program = fileURLToPath(new URL('../../ejabberd/peerage-auth', import.meta.url))
const libraries = '/usr/lib/x86_64-linux-gnu'

/** `token`: of Peerage's API; undefined: the address of this machine has to be enough. */
export async function startEjabberd(url: string, token?: string): Promise<Ejabberd> {
  await ensurePackages(['ejabberd', 'perl'])
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-ejabberd-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [port = 0] = await freePorts(1)
  const host = 'example.org'
  const tokenFile = join(folder, 'token')
  await writeFile(tokenFile, `${token ?? ''}\n`, { mode: 0o600 })
  const command = [program, url, ...(token === undefined ? [] : [tokenFile])].join(' ')
  const file = join(folder, 'ejabberd.yml')
  await writeFile(file, configuration(host, port, command))
  // `ejabberdctl` becomes another user and starts a name server for Erlang; neither is wanted.
  const child = spawn(
    'erl',
    `-noinput -pa ${join(libraries, await versionFolder(), 'ebin')} -mnesia dir "${folder}" -s ejabberd`.split(
      ' ',
    ),
    {
      stdio: 'pipe',
      detached: true,
      env: {
        ...withSbin(),
        HOME: folder,
        ERL_LIBS: libraries,
        EJABBERD_CONFIG_PATH: file,
        EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
      },
    },
  )
  stack.defer(() => groupEnded(child, 'SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
  }
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`ejabberd did not start: ${said.trim()}`)
  }
  const running = stack.move()
  return {
    signIn: (user, password) => signInAtXmpp(port, host, user, password),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Debian has the version in the name, and a link without the revision beside it. */
async function versionFolder(): Promise<string> {
  const names = await readdir(libraries)
  const name = names.filter((each) => /^ejabberd-[\d.]+$/.test(each)).at(-1)
  if (name === undefined) throw new Error(`no ejabberd in ${libraries}`)
  return name
}

function configuration(host: string, port: number, command: string): string {
  return `
hosts: ["${host}"]
loglevel: info
listen:
  - { port: ${port}, ip: "127.0.0.1", module: ejabberd_c2s }
acme: { auto: false }
auth_method: [external]
extauth_program: "${command}"
extauth_pool_size: 2
auth_use_cache: false
`
}
