import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts } from '../rig/free-ports.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** `peerage serve` in a process of its own, over an LDIF file, on ports that stay the same. */
export interface Served extends AsyncDisposable {
  readonly folder: string
  readonly url: string
  readonly child: ChildProcess
  /** Replaces `people.ldif` or `peerage.yaml`. */
  write(name: string, text: string): Promise<void>
  /** Resolves when it has logged this, after whatever was waited for before. */
  logged(text: string): Promise<void>
  /** What it has said so far. */
  said(): string
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit code. */
  ended(): Promise<number | null>
}

export interface ServedOptions {
  readonly ldif: string
  /** YAML at the top level, beside `site`, `sources`, `listen` and `state`. */
  readonly yaml?: string
  /** The whole configuration, instead of the usual one. */
  readonly config?: (pbx: number, web: number) => string
}

const program = new URL('../../bin/peerage.js', import.meta.url).pathname

/** A configuration for `write`, as the process was started with. */
export function configText(pbx: number, web: number, yaml = ''): string {
  return `
site: { country: DE, extensionLength: [3, 5] }
sources: { company: { preset: openldap, ldif: ./people.ldif, leavers: { grace: 0h } } }
listen: { pbx: "127.0.0.1:${pbx}", web: "127.0.0.1:${web}" }
state: sqlite:./peerage.db
${yaml}
`
}

export async function serveInProcess({
  ldif,
  yaml,
  config = (pbx, web) => configText(pbx, web, yaml),
}: ServedOptions): Promise<Served & { readonly pbx: number; readonly web: number }> {
  const folder = await temporaryFolder()
  const [pbx = 0, web = 0] = await freePorts(2)
  await writeFile(join(folder.path, 'people.ldif'), ldif)
  await writeFile(join(folder.path, 'peerage.yaml'), config(pbx, web))
  const child = spawn(process.execPath, [program, 'serve'], { cwd: folder.path, stdio: 'pipe' })
  let said = ''
  let read = 0
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      child.emit('said')
    })
  }
  child.setMaxListeners(0)
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null
  const served = {
    folder: folder.path,
    url: `http://127.0.0.1:${pbx}/realtime`,
    pbx,
    web,
    child,
    write: (name: string, text: string) => writeFile(join(folder.path, name), text),
    async logged(text: string) {
      for (let at = -1; at === -1;) {
        at = said.indexOf(text, read)
        if (at !== -1) read = at + text.length
        else if (isOver()) throw new Error(`peerage ended before it said "${text}": ${said}`)
        else await Promise.race([once(child, 'said'), once(child, 'exit')])
      }
    },
    said: () => said,
    signal: (name: NodeJS.Signals) => void child.kill(name),
    async ended() {
      if (!isOver()) await once(child, 'exit')
      return child.exitCode
    },
    async [Symbol.asyncDispose]() {
      if (!isOver()) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      await folder[Symbol.asyncDispose]()
    },
  }
  await served.logged('"msg":"ready"')
  return served
}
