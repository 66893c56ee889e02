/**
 * Every phone at once: an Asterisk 22 that was just started, whose caches are empty, in front of
 * 100,000 people, and 5,000 phones that register at 500 a second. With registrations kept by
 * Asterisk (local) or by Peerage (shared), and no list of everybody (`listEverybody: false`). A phone
 * counts when it is let in within 32 seconds, what a request has (RFC 3261, timer F).
 *
 *   node bench/register-storm.ts [people] [phones] [a second] [local|shared …]
 */
import { cpuSeconds, residentMegabytes, startCompany } from '../test/rig/company.ts'
import { freeAmi, startAsterisk } from '../test/rig/asterisk.ts'
import { openCrowd } from '../test/rig/phone-crowd.ts'
import { peerageFiles } from './register/asterisk-files.ts'

type Contacts = 'local' | 'shared'

async function storm(contacts: Contacts, people: number, phones: number, perSecond: number) {
  const ami = await freeAmi()
  await using company = await startCompany({ people, digits: 6, ami })
  const began = performance.now()
  const files = await peerageFiles({ hasCaches: true, contacts })
  const { realtime } = company
  await using asterisk = await startAsterisk({ version: 22, realtime, files, ami })
  const startedMs = performance.now() - began
  await using crowd = await openCrowd(asterisk.sipServer, 32_000)
  const pid = asterisk.pid ?? 0
  const [megabytes, cpu] = [await residentMegabytes(pid), await cpuSeconds(pid)]
  const attempts = await crowd.register(company.people.slice(0, phones), { perSecond })
  const took = attempts.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  const at = (part: number) =>
    `${((took[Math.ceil(part * phones) - 1] ?? NaN) / 1000).toFixed(1)} s`
  console.log(
    [
      contacts.padEnd(6),
      `started in ${(startedMs / 1000).toFixed(1)} s`,
      `let in ${attempts.filter(({ isBound }) => isBound).length} of ${phones}`,
      `p50 ${at(0.5)}, p95 ${at(0.95)}`,
      `CPU ${((await cpuSeconds(pid)) - cpu).toFixed(1)} s`,
      `memory ${megabytes.toFixed(0)} MB, then ${(await residentMegabytes(pid)).toFixed(0)} MB`,
    ].join('   '),
  )
}

const [people = '100000', phones = '5000', perSecond = '500', ...wanted] = process.argv.slice(2)
for (const contacts of ['local', 'shared'] as const) {
  if (wanted.length > 0 && !wanted.includes(contacts)) continue
  await storm(contacts, Number(people), Number(phones), Number(perSecond))
}
