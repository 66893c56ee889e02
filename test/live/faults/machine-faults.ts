import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnded } from '../../rig/processes.ts'
import { dnOf, extensions } from './office-people.ts'
import type { SlapdFault, SlapdOffice as Office } from './slapd-office.ts'

const yearMs = 365 * 24 * 3_600_000

/** What the machine under Peerage does. */
export const machineFaults: readonly SlapdFault[] = [
  {
    name: 'clock jumps ten years ahead, and back to the last century',
    named: /clock of this machine jumped .*it is not counted/,
    async strike(office) {
      // Somebody is missing, and his grace must not be over by a wrong clock.
      await office.slapd.modify(`dn: ${dnOf(missing)}\nchangetype: delete\n`)
      await goodRead(office)
      for (const aheadMs of [10 * yearMs, 10 * yearMs + 1000, -40 * yearMs, -40 * yearMs + 1000]) {
        office.clock.aheadMs = aheadMs
        await goodRead(office)
      }
    },
    mend: async (office) => void (office.clock.aheadMs = 0),
  },
  {
    name: 'state disk full',
    named: /full.*free space/,
    async strike(office) {
      const { database } = office.service.state
      const [size] = await database.query('pragma page_count')
      await database.query(`pragma max_page_count = ${size?.['page_count']}`)
      await office.slapd.modify(renamed('A much longer name than before '.repeat(8)))
      assert.equal((await office.read()).outcome, 'failed', 'everything was kept')
    },
    async mend(office) {
      await office.service.state.database.query('pragma max_page_count = 1000000')
    },
  },
  {
    name: 'SIGKILL at any moment of apply',
    named: /answering from the last good people/,
    async strike(office) {
      await office.stop()
      const killed = new KilledPeerage(office)
      for (let round = 0; round < 5; round++) await killed.round(round)
      await office.restart()
    },
  },
]

const missing = extensions.at(-1) ?? ''

async function goodRead(office: Office): Promise<void> {
  const { outcome, error } = await office.read()
  assert.equal(outcome, 'done', error ?? '')
}

/** Everybody gets another name. */
function renamed(name: string): string {
  return extensions
    .map((extension) => {
      return `dn: ${dnOf(extension)}\nchangetype: modify\nreplace: cn\ncn: ${name}${extension}\n`
    })
    .join('\n')
}

/** A Peerage in a process of its own, on the office's state. */
class KilledPeerage {
  readonly #office: Office

  constructor(office: Office) {
    this.#office = office
  }

  /** Starts it, changes everybody, and kills it while it takes that over. */
  async round(number: number): Promise<void> {
    const file = join(this.#office.folder, 'peerage.yaml')
    await writeFile(file, `${this.#office.configuration()}log: info\n`)
    const main = new URL('../../../bin/peerage.js', import.meta.url).pathname
    const child = spawn(process.execPath, [main, 'serve', '--config', file], { stdio: 'pipe' })
    try {
      const port = await portOf(child)
      for (const extension of extensions) {
        assert.ok(await isAnswered(port, extension), `${extension} is not answered after a kill`)
      }
      const changing = this.#office.slapd.modify(renamed(`Round ${number} `))
      await sleep(20 + Math.random() * 200)
      await childEnded(child, 'SIGKILL')
      await changing
    } finally {
      await childEnded(child, 'SIGKILL')
    }
  }
}

/** Where it listens, as its log says. */
async function portOf(child: ChildProcess): Promise<number> {
  let text = ''
  const { stdout } = child
  assert.ok(stdout)
  stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  for (;;) {
    const [, port] = /"pbx":\["127\.0\.0\.1:(\d+)"/.exec(text) ?? []
    if (port !== undefined) return Number(port)
    assert.doesNotMatch(text, /"msg":"ready"/, 'Peerage is ready and does not say where it listens')
    await Promise.race([once(stdout, 'data'), once(child, 'exit')])
    assert.equal(child.exitCode, null, `Peerage did not start: ${text}`)
  }
}

async function isAnswered(port: number, extension: string): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/realtime/ps_endpoints/single`, {
    method: 'POST',
    body: `id=${extension}`,
  })
  return new URLSearchParams(await answer.text()).get('id') === extension
}
