/**
 * `node bench/fresh.ts [openldap|ds389|samba|ldif] [changes] [people]`: how long after a change in a
 * real directory the realtime answer over HTTP is new, with Peerage in a process of its own, beside
 * somebody else's client of the same server where there is one, in the same run.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { startPeer } from './fresh-peer.ts'
import { openServer } from './fresh-servers.ts'
import { startService } from './fresh-service.ts'

const [name = 'openldap', changes = '100', people = '1000'] = process.argv.slice(2)
/** The first ones warm up everybody. */
const warmUp = 5

async function bench(): Promise<void> {
  await using server = await openServer(name, Number(people))
  await using folder = await temporaryFolder()
  await using service = await startService(folder.path, server.source, server.extension)
  await using stack = new AsyncDisposableStack()
  const peer = server.peer && stack.use(startPeer(server.peer))
  const answered: number[] = []
  const ours: number[] = []
  const theirs: number[] = []
  await peer?.ready
  for (let round = 0; round < Number(changes) + warmUp; round++) {
    const value = String(round)
    const began = performance.now()
    const since = () => performance.now() - began
    const told = peer?.until(value).then(since) ?? Promise.resolve(NaN)
    const isNew = service.until(value).then(since)
    const taken = server.change(value).then(since)
    const times = await service.orFail(Promise.all([taken, isNew, told]))
    if (round < warmUp) continue
    answered.push(times[0])
    ours.push(times[1])
    theirs.push(times[2])
    // Not in step with a poll of the directory.
    await sleep(Math.random() * server.pauseMs)
  }
  console.log(`${server.title}, ${people} people, ${changes} changes, one after the other`)
  console.log(line('the server answers the change', answered))
  if (peer) console.log(line(peer.title, theirs))
  console.log(line('the realtime answer is new', ours))
}

function line(what: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] ?? 0).toFixed(1)
  const shares = `p50 ${at(0.5)} ms   p90 ${at(0.9)} ms   p99 ${at(0.99)} ms`
  return `${what.padEnd(42)} ${shares}`
}

await bench()
