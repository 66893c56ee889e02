import { expect, test } from 'vitest'
import { chaos } from '../../rig/chaos.ts'

test(
  'nothing is wrong, lost or shut out when both are killed under load',
  { timeout: 180_000 },
  async () => {
    const report = await chaos({ seconds: 15, phones: 60, restMs: [500, 3_000] })
    expect(report.asteriskKilled + report.peerageKilled).toBeGreaterThan(2)
    expect(report.questions - report.unanswered).toBeGreaterThan(50)
    expect(report).toMatchObject({ wrong: [], lost: [], shutOut: [], awake: report.looked })
  },
)
