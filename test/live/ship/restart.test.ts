import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { configText } from '../../support/served.ts'
import { entry } from '../../support/service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const program = new URL('../../../bin/peerage.js', import.meta.url).pathname
const run = promisify(execFile)

/**
 * What systemd does with a `.socket` unit: listens and never accepts, starts the service with the
 * sockets from descriptor 3 on, and restarts it at each line of its input. (Node cannot hold a
 * listening socket without accepting.)
 */
const holder = `
import os, signal, socket, sys
sockets = [socket.socket() for _ in range(2)]
for each in sockets:
    each.bind(('127.0.0.1', 0)); each.listen(1024)
print('ports', *[each.getsockname()[1] for each in sockets], flush=True)
def start():
    pid = os.fork()
    if pid: return pid
    for each, at in zip([os.dup(s.fileno() ) for s in sockets], (13, 14)): os.dup2(each, at)
    os.dup2(13, 3); os.dup2(14, 4)
    environment = dict(os.environ, LISTEN_PID=str(os.getpid()), LISTEN_FDS='2')
    os.execve(sys.argv[1], [sys.argv[1], sys.argv[2], 'serve'], environment)
pid = None
for line in sys.stdin:
    if pid:
        os.kill(pid, signal.SIGTERM)
        print('ended', os.waitpid(pid, 0)[1], flush=True)
    pid = start()
os.kill(pid, signal.SIGTERM)
print('ended', os.waitpid(pid, 0)[1], flush=True)
`

test(
  'a restart behind sockets of systemd refuses no question that curl asks',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder()
    const cwd = folder.path
    const ldif = entry('ada', 1, { cn: 'Ada', telephoneNumber: '501' })
    await writeFile(join(cwd, 'people.ldif'), ldif)
    const systemd = spawn('python3', ['-c', holder, process.execPath, program], { cwd })
    let said = ''
    systemd.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    systemd.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    const count = (text: string): number => said.split(text).length - 1
    const until = async (text: string, times: number): Promise<void> => {
      while (count(text) < times) {
        if (systemd.exitCode !== null) throw new Error(said)
        await Promise.race([once(systemd.stdout, 'data'), once(systemd, 'exit')])
      }
    }
    await until('\n', 1)
    if (!said.startsWith('ports ')) throw new Error(said)
    const [, pbx = '', web = ''] = /ports (\d+) (\d+)/.exec(said) ?? []
    await writeFile(join(cwd, 'peerage.yaml'), configText(Number(pbx), Number(web)))
    systemd.stdin.write('\n')
    await until('"msg":"directory read"', 1)

    const url = `http://127.0.0.1:${pbx}/realtime/ps_endpoints/single`
    const stopping = new AbortController()
    const answers: string[] = []
    const loops = [0, 1, 2].map(async () => {
      while (!stopping.signal.aborted) {
        const asked = run('curl', ['-sS', '-m', '20', '-d', 'id=501', url])
        answers.push(await asked.then(({ stdout }) => stdout).catch(String))
      }
    })
    for (let round = 1; round <= 3; round++) {
      systemd.stdin.write('\n')
      await until('"msg":"directory read"', round + 1)
    }
    stopping.abort()
    await Promise.all(loops)
    systemd.stdin.end()
    await once(systemd, 'exit')
    expect(answers.length).toBeGreaterThan(10)
    expect(answers.filter((answer) => !answer.startsWith('id=501&'))).toEqual([])
    expect(count('ended 0')).toBe(4)
  },
)
