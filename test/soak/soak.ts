import { setTimeout as delay } from 'node:timers/promises'
import { freeAmi, startAsterisk, type Asterisk } from '../rig/asterisk.ts'
import { companyLdif, companyPeople, startCompany, type Company } from '../rig/company.ts'
import { openCrowd } from '../rig/phone-crowd.ts'
import { startSlapd, type Slapd } from '../rig/slapd.ts'
import {
  keepAskingByAgi,
  keepLookingAtPages,
  keepReading,
  keepSearching,
  openDesk,
} from './desk-load.ts'
import { keepAsking, keepCalling, keepChanging, keepRegistering, type Office } from './load.ts'
import { Memory, type MemoryReport } from './memory.ts'
import { Outages, Tally, type TallyReport } from './tally.ts'

export interface SoakOptions {
  readonly minutes: number
  readonly people: number
  /** Told what happens, a line each. */
  readonly say: (line: string) => void
}

export interface SoakReport {
  /** How often each was killed with SIGKILL, and how often the configuration was exchanged. */
  readonly events: Readonly<Record<Incident, number>>
  readonly load: Readonly<Record<string, TallyReport>>
  readonly memory: MemoryReport
  /** Everything that must not be: wrong answers, failures while nobody was dead, lost contacts. */
  readonly errors: readonly string[]
}

type Incident = 'killAsterisk' | 'killPeerage' | 'killDirectory' | 'reload'

/** Time for Asterisk to know its phones again, and for phones to try again. */
const graceMs = 12_000
/** In the last part nobody kills Peerage: memory is only to be judged in a process that lives. */
const shareWithKills = 0.3

/**
 * Everything at once for a while: phones register, calls are made and named by FastAGI, the directory
 * changes, questions are asked, phone books are read by HTTP and LDAP, and the pages looked at; and at
 * random somebody is killed or the configuration is exchanged.
 */
export async function soak({ minutes, people: count, say }: SoakOptions): Promise<SoakReport> {
  const people = companyPeople(count)
  const ami = await freeAmi()
  await using slapd = await startSlapd({ suffix: 'dc=example', people: companyLdif(people) })
  const bind = { user: slapd.bindDn, password: slapd.bindPassword }
  const server = { servers: [slapd.ldapsUrl], base: slapd.suffix, caFile: slapd.caFile, bind }
  await using company = await startCompany({
    people: count,
    ami,
    source: JSON.stringify(server).slice(1, -1),
  })
  await using asterisk = await startAsterisk({ version: 22, realtime: company.realtime, ami })
  await using crowd = await openCrowd(asterisk.sipServer, 32_000)

  const desk = await openDesk(company)

  const outages = new Outages(graceMs)
  const office: Office = { people, company, asterisk, slapd, crowd, bound: new Set() }
  const tallies = {
    registrations: new Tally(outages),
    questions: new Tally(outages),
    calls: new Tally(outages),
    directoryChanges: new Tally(outages),
    phoneBooks: new Tally(outages),
    ldapSearches: new Tally(outages),
    pages: new Tally(outages),
    agi: new Tally(outages),
  }
  const memory = new Memory()
  const stopping = new AbortController()
  const { signal } = stopping
  const work = [
    keepRegistering(office, tallies.registrations, signal),
    keepAsking(office, tallies.questions, signal),
    keepCalling(office, tallies.calls, signal),
    keepChanging(office, tallies.directoryChanges, signal),
    keepReading(desk, tallies.phoneBooks, signal),
    keepSearching(desk, tallies.ldapSearches, signal),
    keepLookingAtPages(desk, tallies.pages, signal),
    keepAskingByAgi(desk, tallies.agi, signal),
    keepLooking(company, memory, signal),
  ]
  const events = await disturb(office, outages, minutes * 60_000, say)
  stopping.abort()
  await Promise.all(work)

  const errors = Object.entries(tallies).flatMap(([name, tally]) => {
    return tally.errors.map((error) => `${name}: ${error}`)
  })
  errors.push(...(await leftBehind(office)))
  const load = Object.fromEntries(
    Object.entries(tallies).map(([name, tally]) => [name, tally.report()]),
  )
  return { events, load, memory: memory.report(), errors }
}

async function keepLooking(company: Company, memory: Memory, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await memory.look(company.pid)
    await delay(2_000, undefined, { signal }).catch(() => undefined)
  }
}

async function disturb(
  { asterisk, company, slapd }: { asterisk: Asterisk; company: Company; slapd: Slapd },
  outages: Outages,
  lastsMs: number,
  say: (line: string) => void,
): Promise<Record<Incident, number>> {
  const events = { killAsterisk: 0, killPeerage: 0, killDirectory: 0, reload: 0 }
  const began = performance.now()
  const passed = (): number => (performance.now() - began) / lastsMs
  const killed = async (each: { kill(): Promise<void> }, start: () => Promise<void>) => {
    await each.kill()
    await delay(Math.random() * 1_000)
    await start()
  }
  const incidents: Readonly<Record<Incident, () => Promise<void>>> = {
    killAsterisk: () => outages.during(() => killed(asterisk, () => asterisk.restart())),
    killPeerage: () => outages.during(() => killed(company, () => company.start())),
    // Neither is a reason for anybody to be refused; only changes come later.
    killDirectory: () => killed(slapd, () => slapd.start()),
    reload: () => company.reload(30 + (events.reload % 2) * 30),
  }
  while (passed() < 1) {
    const restMs = 8_000 + Math.random() * 22_000
    if (passed() + restMs / lastsMs > 0.97) {
      await delay(Math.max(0, (1 - passed()) * lastsMs))
      break
    }
    await delay(restMs)
    const names = (Object.keys(incidents) as Incident[]).filter((name) => {
      return passed() < shareWithKills || name !== 'killPeerage'
    })
    const name = names[Math.floor(Math.random() * names.length)] ?? 'reload'
    events[name]++
    say(`${((performance.now() - began) / 60_000).toFixed(1)} min: ${name}`)
    await incidents[name]()
  }
  return events
}

/** When all is quiet again: no contact is lost, and everybody is let in. */
async function leftBehind({ people, company, crowd, bound }: Office): Promise<readonly string[]> {
  const kept = await company.ask('ps_contacts/multi', 'id%20LIKE=%25')
  const lost = [...bound].filter((extension) => !kept.includes(`id=${extension}%3B%40`))
  const last = await crowd.register(people, { perSecond: 25 })
  const shutOut = last.filter(({ isBound }) => !isBound)
  return [
    ...lost.map((extension) => `the contact of ${extension} is lost`),
    ...shutOut.map(({ extension, status }) => `${extension} is not let in: ${status}`),
  ]
}
