import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openState } from '../../src/state/state.ts'
import { entry, startTestService } from '../support/service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const count = 6000
const company = (name: string) =>
  Array.from({ length: count }, (_, index) => {
    return entry(`p${index}`, index, { cn: name, telephoneNumber: String(10_000 + index) })
  }).join('')

const yaml = `
site: { country: DE, extensionLength: 5 }
sources: { company: { preset: openldap, ldif: people.ldif } }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
state: sqlite:./peerage.db
guard: { changes: 100000, percent: 100 }
log: info
`

/** Serves until it says that it is ready, and then for a random moment: the import is on its way. */
async function serveAndKill(folder: string, waitMs: number): Promise<void> {
  const main = new URL('../../bin/peerage.js', import.meta.url).pathname
  const child = spawn(process.execPath, [main, 'serve'], { cwd: folder, stdio: 'pipe' })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  await sleep(waitMs)
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

test('killed at any moment of an import, people stay whole and secrets the same', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'peerage.yaml'), yaml)
  const secrets = new Map<string, string>()
  const sizes: number[] = []
  for (let round = 0; round < 6; round++) {
    await writeFile(join(folder.path, 'people.ldif'), company(`Round ${round % 2}`))
    await serveAndKill(folder.path, 40 + Math.random() * 700)
    if (!existsSync(join(folder.path, 'peerage.db'))) continue
    await using state = await openState(
      { state: `sqlite:${join(folder.path, 'peerage.db')}` },
      Date.now,
    )
    const members = (await Array.fromAsync(state.people.load())).flat()
    sizes.push(members.length)
    for (const { person, claims } of members) {
      expect(person.name).toMatch(/^Round [01]$/)
      expect(claims[0]?.key).toBe(person.extension)
      const secret = state.secrets.sip(person.id)
      expect(secret).toMatch(/^.{20}$/)
      expect(secrets.get(person.id) ?? secret).toBe(secret)
      secrets.set(person.id, secret ?? '')
    }
    for (const id of secrets.keys()) expect(state.secrets.sip(id)).toBe(secrets.get(id))
  }
  await using service = await startTestService({
    ldif: company('Done'),
    folder: folder.path,
    state: '"sqlite:./peerage.db"',
    yaml: 'guard: { changes: 100000, percent: 100 }',
  })
  const { people, state } = service.service
  expect(people.size).toBe(count)
  for (const [id, secret] of secrets) expect(state.secrets.sip(id)).toBe(secret)
  expect(sizes.length).toBeGreaterThan(3)
}, 60_000)
