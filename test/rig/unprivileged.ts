import { execFile } from 'node:child_process'
import { chmod, chown, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs programs that refuse to be root: as `nobody` then, who gets the folder. */
export interface Unprivileged {
  command(program: string, args: readonly string[]): readonly string[]
  run(program: string, args: readonly string[]): Promise<void>
}

export async function unprivileged(folder: string): Promise<Unprivileged> {
  let prefix: readonly string[] = []
  if (process.getuid?.() === 0) {
    const users = await readFile('/etc/passwd', 'utf8')
    const [, uid = '', gid = ''] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
    await chown(folder, Number(uid), Number(gid))
    await chmod(folder, 0o700)
    prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--']
  }
  const command = (program: string, args: readonly string[]) => [...prefix, program, ...args]
  return {
    command,
    async run(program, args) {
      const [first = '', ...rest] = command(program, args)
      await run(first, rest, { cwd: folder })
    },
  }
}
