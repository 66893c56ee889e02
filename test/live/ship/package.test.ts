import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const run = promisify(execFile)

/** Packs into the folder; resolves with the file. */
async function pack(folder: string): Promise<string> {
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'))
  return join(folder, name)
}

test('the package is the same bytes each time it is made', { timeout: 240_000 }, async () => {
  await using first = await temporaryFolder()
  await using second = await temporaryFolder()
  const digests: string[] = []
  for (const folder of [first, second]) {
    const bytes = await readFile(await pack(folder.path))
    digests.push(createHash('sha256').update(bytes).digest('hex'))
  }
  expect(digests[0]).toBe(digests[1])
})

test(
  'installed from its file into an empty folder, it serves the sample company',
  { timeout: 400_000 },
  async () => {
    await using folder = await temporaryFolder()
    const cwd = folder.path
    const file = await pack(cwd)
    await writeFile(join(cwd, 'package.json'), '{"private":true}')
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', file], { cwd })
    const program = join(cwd, 'node_modules/.bin/peerage')
    const child = spawn(process.execPath, [program, 'demo'], { cwd, stdio: 'pipe' })
    try {
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
      while (!said.includes('How old is the data?') && child.exitCode === null) {
        await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
      }
      expect(said).toMatch(/answering for the sample company: \d+ people/)
      const { stdout } = await run(process.execPath, [program, 'lookup', '501'], { cwd })
      expect(stdout).toMatch(/^Ada Lindqvist/)
    } finally {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
    expect(child.exitCode).toBe(0)
  },
)
