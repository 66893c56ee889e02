import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stringify } from 'yaml'
import { askService } from '../src/commands/control.ts'
import { readConfig } from '../src/config/config.ts'
import type { Config } from '../src/config/schema.ts'
import type { Run } from '../src/state/runs.ts'
import { freePorts } from '../test/rig/free-ports.ts'

/** The service in a process of its own, as an administrator starts it, with everybody imported. */
export interface ServiceProcess extends AsyncDisposable {
  /** Where Asterisk asks. */
  readonly pbxPort: number
  /** Reads the directory to its end and takes over what changed. */
  read(): Promise<Run>
  /** What the process occupies, in MB: now, or at most so far. */
  memory(what: 'now' | 'peak'): Promise<number>
}

/** `source`: the configuration of its one source. */
export async function startServiceProcess(source: object): Promise<ServiceProcess> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [pbxPort = 0, web = 0] = await freePorts(2)
  const file = join(folder, 'peerage.yaml')
  await writeFile(file, configuration(source, pbxPort, web))
  const main = new URL('../bin/peerage.js', import.meta.url).pathname
  const child = spawn(process.execPath, [main, 'serve', '-c', file], {
    stdio: 'ignore',
  })
  stack.defer(() => ended(child))
  const config = readConfig(file, {})
  await imported(config, child)
  const running = stack.move()
  return {
    pbxPort,
    read: () => read(config),
    memory: async (what) => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      const line = what === 'now' ? /VmRSS:\s+(\d+)/ : /VmHWM:\s+(\d+)/
      return Math.round(Number(line.exec(status)?.[1]) / 1024)
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function configuration(source: object, pbx: number, web: number): string {
  return stringify({
    site: {
      country: 'DE',
      areaCode: '30',
      extensionLength: [4, 6],
      dids: '+49301234xxxxxx -> xxxxxx',
    },
    sources: { office: { preset: 'openldap', schedule: '0 0 1 1 *', ...source } },
    listen: { pbx: `127.0.0.1:${pbx}`, web: `127.0.0.1:${web}` },
    log: 'error',
  })
}

/** Waits for the first import; there is no service to ask before it listens. */
async function imported(config: Config, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1500; tries++) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`)
    const health = await askService(config, 'GET', '/healthz').catch(() => null)
    if (health !== null && Reflect.get(Object(health), 'status') === 'ok') return
    await delay(200)
  }
  throw new Error('the service did not import everybody within five minutes')
}

async function read(config: Config): Promise<Run> {
  // The service answers with its runs (answers/admin/api.ts).
  const { runs } = (await askService(config, 'POST', '/api/sync')) as { runs: Run[] }
  const [run] = runs
  if (run?.outcome !== 'done') throw new Error(`not read: ${run?.error}`)
  return run
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
