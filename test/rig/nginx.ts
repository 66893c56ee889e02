import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, isListening } from './free-ports.ts'
import { ensurePackages } from './packages.ts'
import { childEnded, withSbin } from './processes.ts'

/** A real nginx on a free port of 127.0.0.1. */
export interface Nginx extends AsyncDisposable {
  readonly url: string
}

/** `server`: the lines inside its `server` block. */
export async function startNginx(server: string): Promise<Nginx> {
  await ensurePackages(['nginx-light'])
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-nginx-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [port = 0] = await freePorts(1)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n')
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const file = join(folder, 'nginx.conf')
  await writeFile(
    file,
    `${user}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
access_log off;
${temporary}
server {
listen 127.0.0.1:${port};
${server}
}
}
`,
  )
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: withSbin(),
  })
  stack.defer(() => childEnded(child, 'SIGTERM'))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`nginx did not start: ${said.trim()}`)
  }
  const running = stack.move()
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
