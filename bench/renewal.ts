/**
 * What Asterisk waits for when it writes a registration: for the disk, when a phone registers from
 * another address, or only for the operating system, when it is the same phone again
 * (docs/decisions/renewals.md). Beside it a question that is answered from memory. In turns, one after
 * the other over one connection, with Peerage in a process of its own.
 *
 *   node bench/renewal.ts [rounds]
 */
import { Agent, request } from 'node:http'
import { startCompany } from '../test/rig/company.ts'

const rounds = Number(process.argv[2] ?? 500)
const id = `1000;@${'0'.repeat(32)}`
const contact = (host: string, at: number) =>
  `uri=${encodeURIComponent(`sip:1000@${host}`)}&expiration_time=${at}&endpoint=1000`

async function bench(): Promise<void> {
  await using company = await startCompany({ people: 100 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path: string, body: string) =>
    new Promise<void>((resolve, reject) => {
      const url = `${company.realtime}/realtime/${path}`
      const asked = request(url, { agent, method: 'POST' }, (answer) =>
        answer.resume().on('end', resolve),
      )
      asked.on('error', reject).end(body)
    })
  const update = `ps_contacts/update?id=${encodeURIComponent(id)}`
  const ways: Record<string, (at: number) => Promise<void>> = {
    'another address': (at) => ask(update, contact(`10.0.${at % 250}.1`, at)),
    'the same again': (at) => ask(update, contact(`10.0.${at % 250}.1`, at + 1)),
    'a question': () => ask('ps_contacts/multi', `id%20LIKE=${encodeURIComponent('1000;@%')}`),
  }
  const times = new Map(Object.keys(ways).map((way) => [way, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const [way, write] of Object.entries(ways)) {
      const began = performance.now()
      await write(1_000_000 + round)
      times.get(way)?.push(performance.now() - began)
    }
  }
  agent.destroy()
  for (const [way, all] of times) {
    const sorted = all.toSorted((a, b) => a - b)
    const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] ?? NaN).toFixed(2)
    console.log(`${way.padEnd(16)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   p99 ${at(0.99)} ms`)
  }
}

await bench()
