import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { childEnded } from './processes.ts'

/** Debian's Linphone without a screen, with settings of its own. It speaks to whom those name. */
export interface Linphone extends AsyncDisposable {
  /** Resolves when it has registered since its start. */
  registered(): Promise<void>
  restart(): Promise<void>
  /** Its settings as it keeps them now. */
  settings(): Promise<string>
}

export interface LinphoneOptions {
  /** Where it fetches its settings when it starts: what its assistant keeps of a scan. */
  readonly configUri: string
}

export async function startLinphone({ configUri }: LinphoneOptions): Promise<Linphone> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder()).path
  const [settings, log] = [join(folder, 'linphonerc'), join(folder, 'log')]
  await mkdir(join(folder, '.local/share/linphone'), { recursive: true })
  const ports = 'sip_port=-1\nsip_tcp_port=-1\nsip_tls_port=-1\n'
  await writeFile(settings, `[misc]\nconfig-uri=${configUri}\n[sip]\n${ports}`)
  let child: ChildProcess
  const start = async () => {
    await rm(log, { force: true })
    child = spawn('linphone-daemon', ['--config', settings, '--log', log], {
      env: { ...process.env, HOME: folder },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
  }
  const stop = async () => {
    const ended = once(child, 'exit')
    child.stdin?.end('quit\n')
    await Promise.race([ended, delay(5000, undefined, { ref: false })])
    await childEnded(child, 'SIGKILL')
  }
  await start()
  stack.defer(stop)
  const opened = stack.move()
  return {
    async registered() {
      while (!/to \[LinphoneRegistrationOk\]/.test(await readFile(log, 'utf8').catch(() => ''))) {
        if (child.exitCode !== null) throw new Error(`Linphone has ended (${child.exitCode})`)
        await delay(100)
      }
    },
    async restart() {
      await stop()
      await start()
    },
    settings: () => readFile(settings, 'utf8'),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
