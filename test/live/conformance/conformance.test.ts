import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { openCompany, type Company } from './company.ts'
import type { Asked } from './recorder.ts'
import { scenesOf } from './scenes.ts'
import { conformanceTable } from './table.ts'

const observed = new Map<AsteriskVersion, readonly Asked[]>()

describe.each([22, 16] as const)('Asterisk %i with everything in realtime', (version) => {
  let company: Company
  beforeAll(async () => void (company = await openCompany(version)))
  afterAll(async () => {
    observed.set(version, company.recorder.asked)
    await company[Symbol.asyncDispose]()
  })

  // One after the other: what a scene leaves behind is where the next one begins.
  for (const { name, play } of scenesOf(version)) {
    test(name, () => expect(play(company)).resolves.toBeUndefined())
  }
})

test('the table of the documentation is what was asked and answered', async () => {
  const page = await readFile(new URL('../../../docs/realtime.md', import.meta.url), 'utf8')
  expect(page).toContain(conformanceTable(observed))
})
