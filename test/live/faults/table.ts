/**
 * `npm run faults`: every fault of the list against real servers, a line each: OpenLDAP, and a Samba
 * domain controller and 389-ds where they are installed. With words, only the faults with these in
 * their names.
 */
import { access } from 'node:fs/promises'
import { ds389Faults } from './ds389-faults.ts'
import { openDs389Office, startDs389Server } from './ds389-office.ts'
import { faults } from './faults.ts'
import type { Office } from './office.ts'
import { sambaFaults } from './samba-faults.ts'
import { openSambaOffice, startSambaDomain } from './samba-office.ts'
import { openSlapdOffice } from './slapd-office.ts'
import { type Fault, survive } from './survive.ts'

async function main(words: readonly string[]): Promise<number> {
  const isWanted = ({ name }: { readonly name: string }) =>
    words.every((word) => name.includes(word))
  const tally = { wanted: 0, failed: 0 }
  const slapd = faults.filter(isWanted)
  for (const fault of slapd) await print(fault, () => openSlapdOffice(fault.office), tally)
  const domain = sambaFaults.filter(isWanted)
  if (domain.length > 0 && (await isThere('/usr/sbin/samba'))) {
    await using server = await startSambaDomain()
    for (const fault of domain) await print(fault, () => openSambaOffice(server), tally)
  }
  const ds389 = ds389Faults.filter(isWanted)
  if (ds389.length > 0 && (await isThere('/usr/sbin/ns-slapd'))) {
    await using server = await startDs389Server()
    for (const fault of ds389) await print(fault, () => openDs389Office(server), tally)
  }
  const { wanted, failed } = tally
  process.stdout.write(`${wanted - failed} of ${wanted} faults survived\n`)
  return failed === 0 ? 0 : 1
}

async function print<At extends Office>(
  fault: Fault<At>,
  open: () => Promise<At>,
  tally: { wanted: number; failed: number },
): Promise<void> {
  tally.wanted++
  try {
    const { asked, slowestMs, named, healedMs } = await survive(fault, open)
    const answers = `${asked} answers, slowest ${slowestMs.toFixed(0)} ms`
    const line = `${answers}; healed in ${healedMs.toFixed(0)} ms; "${shortened(named)}"`
    process.stdout.write(`ok    ${fault.name.padEnd(60)} nobody lost; ${line}\n`)
  } catch (error) {
    tally.failed++
    const reason = error instanceof Error ? error.message : String(error)
    process.stdout.write(`FAIL  ${fault.name.padEnd(60)} ${reason}\n`)
  }
}

async function isThere(program: string): Promise<boolean> {
  try {
    await access(program)
    return true
  } catch {
    process.stdout.write(`      ${program} is not installed: its faults are left out\n`)
    return false
  }
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`
}

process.exitCode = await main(process.argv.slice(2))
