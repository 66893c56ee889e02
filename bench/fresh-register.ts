/**
 * How soon a changed SIP secret counts on an Asterisk that remembers for ever: from the change
 * until a REGISTER with the new secret is let in, beside a REGISTER when nothing changed. In turns,
 * in one run, on Asterisk 22.
 *
 *   node bench/fresh-register.ts [rounds]
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  ada,
  ldifOf,
  linus,
  openBranch,
  zoe,
  type Branch,
  type Somebody,
} from '../test/live/pbx/branch.ts'

const rounds = Number(process.argv[2] ?? 50)

async function bench(): Promise<void> {
  await using branch = await openBranch(22)
  const times: Record<string, number[]> = { unchanged: [], chosen: [], directory: [] }
  let attempts = 0
  for (let round = 0; round < rounds; round++) {
    const chosen = { ...ada, secret: `chosen-${round}` }
    const given = { ...ada, secret: `given-${round}` }
    times['chosen']?.push(await untilIn(branch, chosen, () => choose(branch, chosen)))
    times['unchanged']?.push(await untilIn(branch, chosen, async () => {}))
    times['directory']?.push(await untilIn(branch, given, () => give(branch, given)))
  }
  for (const [name, all] of Object.entries(times)) {
    const sorted = all.sort((a, b) => a - b)
    const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1]?.toFixed(1)
    console.log(`${name.padEnd(10)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   (${rounds} times)`)
  }
  console.log(`${attempts} REGISTERs in all; 'directory' is from the LDIF file being written`)

  /** Milliseconds from the change to the end of the first REGISTER that is let in. */
  async function untilIn(
    branch: Branch,
    person: Somebody,
    change: () => Promise<void>,
  ): Promise<number> {
    await using phone = await branch.phone(person)
    const begun = performance.now()
    await change()
    for (attempts++; (await phone.register()).status !== 200; attempts++) await delay(5)
    return performance.now() - begun
  }
}

async function choose(branch: Branch, { extension, secret }: Somebody): Promise<void> {
  const { people, state } = branch.company().service
  await state.secrets.choose(people.byExtension(extension)?.id ?? '', 'sip', secret)
}

function give(branch: Branch, person: Somebody): Promise<void> {
  const file = join(branch.company().folder, 'people.ldif')
  return writeFile(file, ldifOf([person, zoe, linus]))
}

await bench()
