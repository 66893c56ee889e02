import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs `peerage` as a process, to its end. `text` is what it printed, on either stream. */
export async function runPeerage(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const main = new URL('../../bin/peerage.js', import.meta.url).pathname
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: 'pipe' })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  }
  const [code] = (await once(child, 'close')) as [number | null] // see node:child_process
  return { code, text }
}
