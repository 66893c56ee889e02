/**
 * What a REGISTER costs, by where Asterisk has people from: 1,000 phones with digest, in turns in one
 * run, on Asterisk 22. Contacts are local (in Asterisk's own database), or shared (with Peerage). For
 * each set-up: CPU seconds for 1,000 REGISTERs, the time one takes at 50 a second, and the highest
 * rate at which 99 of 100 are let in within two seconds (by sipp).
 *
 *   node bench/register.ts [rounds] [set-up …]
 */
import { setTimeout as delay } from 'node:timers/promises'
import { openCrowd, type Crowd } from '../test/rig/phone-crowd.ts'
import { readCommon, openSetUp, setUpNames, type Common, type SetUp } from './register/set-ups.ts'
import { openSipp, type Sipp } from './register/sipp.ts'

const phones = 1000
/** REGISTERs a second, and how many. */
const gentle = { perSecond: 50, count: 400 }
/** Rates that are tried, each a tenth above the one before. */
const rates = Array.from({ length: 44 }, (_, step) => Math.round(90 * 1.1 ** step))
const seconds = 3

interface Measured {
  readonly asterisk: number
  readonly backEnd: number
  readonly p50: number
  readonly p95: number
  readonly rate: number
}

async function bench(rounds: number, wanted: readonly string[]): Promise<void> {
  const names = setUpNames.filter((name) => wanted.length === 0 || wanted.includes(name))
  const common = await readCommon(phones)
  await using stack = new AsyncDisposableStack()
  const sipp = stack.use(await openSipp(common.people))
  const setUps: SetUp[] = []
  for (const name of names) setUps.push(stack.use(await openSetUp(name, common)))
  const measured = new Map<string, Measured[]>(names.map((name) => [name, []]))
  const turns: (() => Promise<unknown>)[] = []
  for (const setUp of setUps) {
    const crowd = stack.use(await openCrowd(setUp.sipServer))
    // Fills caches, and makes both contacts known.
    await sipp.register(setUp.sipServer, { perSecond: 130, count: phones })
    await crowd.register(common.people, { perSecond: 130 })
    await atRest(setUp)
    turns.push(async () =>
      measured.get(setUp.name)?.push(await measure(setUp, sipp, crowd, common)),
    )
  }
  for (let round = 0; round < rounds; round++) for (const turn of turns) await turn()
  print(measured)
}

async function measure(
  setUp: SetUp,
  sipp: Sipp,
  crowd: Crowd,
  { people }: Common,
): Promise<Measured> {
  await atRest(setUp)
  const before = await setUp.used()
  const attempts = await crowd.register(people.slice(0, gentle.count), gentle)
  const after = await setUp.used()
  const lost = attempts.filter(({ isBound }) => !isBound).length
  if (lost > gentle.count / 100) throw new Error(`${setUp.name}: ${lost} failed at a gentle rate`)
  const tookMs = attempts.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  const at = (part: number) => tookMs[Math.ceil(part * tookMs.length) - 1] ?? NaN
  const per = 1000 / gentle.count
  return {
    asterisk: (after.asterisk - before.asterisk) * per,
    backEnd: (after.backEnd - before.backEnd) * per,
    p50: at(0.5),
    p95: at(0.95),
    rate: await highestRate(setUp, sipp),
  }
}

/** Phones are woken after they were let in. */
async function atRest({ used }: SetUp): Promise<void> {
  for (let before = 0, now = 1; now - before > 0.03; await delay(1000)) {
    before = now
    now = (await used()).asterisk
  }
}

/** By halving what is left of the list. */
async function highestRate({ sipServer }: SetUp, sipp: Sipp): Promise<number> {
  let [holds, fails] = [0, rates.length]
  while (fails - holds > 1) {
    const middle = (holds + fails) >> 1
    const perSecond = rates[middle] ?? 0
    const count = perSecond * seconds
    const { failed } = await sipp.register(sipServer, { perSecond, count })
    if (failed < 0.01) holds = middle
    else fails = middle
  }
  return rates[holds] ?? 0
}

function print(measured: ReadonlyMap<string, readonly Measured[]>): void {
  const [first] = [...measured.values()].map(medians)
  console.log(
    '                 Asterisk  back end   p50 ms   p95 ms  REG/s    CPU  p50   rate (to the first)',
  )
  for (const [name, all] of measured) {
    const middle = medians(all)
    const to = (which: 'asterisk' | 'p50' | 'rate') =>
      (middle[which] / (first?.[which] ?? NaN)).toFixed(2)
    console.log(
      [
        name.padEnd(16),
        middle.asterisk.toFixed(2).padStart(9),
        middle.backEnd.toFixed(2).padStart(9),
        middle.p50.toFixed(1).padStart(8),
        middle.p95.toFixed(1).padStart(8),
        String(middle.rate).padStart(6),
        `  ${to('asterisk')}  ${to('p50')}  ${to('rate')}`,
      ].join(' '),
    )
  }
}

function medians(all: readonly Measured[]): Measured {
  const middle = (which: keyof Measured) =>
    all.map((each) => each[which]).sort((a, b) => a - b)[all.length >> 1] ?? NaN
  return {
    asterisk: middle('asterisk'),
    backEnd: middle('backEnd'),
    p50: middle('p50'),
    p95: middle('p95'),
    rate: middle('rate'),
  }
}

const [rounds = '3', ...wanted] = process.argv.slice(2)
await bench(Number(rounds), wanted)
