import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { openCompany } from './company.ts'
import type { Asked } from './recorder.ts'
import { scenesOf } from './scenes.ts'
import { conformanceTable } from './table.ts'

/** Plays every scene on both Asterisks and prints what they asked, and whether they were answered. */
const observed = new Map<AsteriskVersion, readonly Asked[]>()
for (const version of [22, 16] as const) {
  await using company = await openCompany(version)
  for (const { name, play } of scenesOf(version)) {
    try {
      await play(company)
      process.stderr.write(`Asterisk ${version}: ${name}\n`)
    } catch (error) {
      process.stderr.write(`Asterisk ${version}: ${name}: FAILED: ${String(error)}\n`)
      process.exitCode = 1
    }
  }
  observed.set(version, company.recorder.asked)
}
process.stdout.write(`${conformanceTable(observed)}\n`)
