/**
 * `npm run faults`: every fault of the list against a real OpenLDAP, a line each. With words, only
 * the faults with these in their names.
 */
import { faults } from './faults.ts'
import { survive } from './survive.ts'

async function main(words: readonly string[]): Promise<number> {
  const wanted = faults.filter(({ name }) => words.every((word) => name.includes(word)))
  let failed = 0
  for (const fault of wanted) {
    try {
      const { asked, slowestMs, named, healedMs } = await survive(fault)
      const answers = `${asked} answers, slowest ${slowestMs.toFixed(0)} ms`
      const line = `${answers}; healed in ${healedMs.toFixed(0)} ms; "${shortened(named)}"`
      process.stdout.write(`ok    ${fault.name.padEnd(55)} nobody lost; ${line}\n`)
    } catch (error) {
      failed++
      const reason = error instanceof Error ? error.message : String(error)
      process.stdout.write(`FAIL  ${fault.name.padEnd(55)} ${reason}\n`)
    }
  }
  process.stdout.write(`${wanted.length - failed} of ${wanted.length} faults survived\n`)
  return failed === 0 ? 0 : 1
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`
}

process.exitCode = await main(process.argv.slice(2))
