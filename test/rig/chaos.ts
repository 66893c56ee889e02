import { setTimeout as delay } from 'node:timers/promises'
import { freeAmi, startAsterisk } from './asterisk.ts'
import { startCompany, type CompanyPerson } from './company.ts'
import { openCrowd } from './phone-crowd.ts'

export interface ChaosOptions {
  readonly seconds: number
  readonly phones: number
  /** Shortest and longest time between two kills, in milliseconds. */
  readonly restMs: readonly [number, number]
}

/** What happened while Asterisk and Peerage were killed at random under load. */
export interface ChaosReport {
  readonly asteriskKilled: number
  readonly peerageKilled: number
  readonly registers: number
  /** REGISTERs that were refused or not answered: expected while somebody is dead. */
  readonly notRegistered: number
  readonly questions: number
  /** Questions nobody answered: expected while Peerage is dead. */
  readonly unanswered: number
  /** Answers that were not what they must be. Never expected. */
  readonly wrong: readonly string[]
  /** Registered, with 200 and a Contact, and not with Peerage at the end. Never expected. */
  readonly lost: readonly string[]
  /** Not let in at the end, when everything runs. Never expected. */
  readonly shutOut: readonly string[]
  /** Known to Asterisk as not in use at the end, out of those that were looked at. */
  readonly awake: number
  readonly looked: number
}

/** Phones register again and again, questions are asked, and one of both is killed every while. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seconds, phones: count, restMs } = options
  const ami = await freeAmi()
  await using company = await startCompany({ people: count, ami, qualifySeconds: 5 })
  await using asterisk = await startAsterisk({ version: 22, realtime: company.realtime, ami })
  await using crowd = await openCrowd(asterisk.sipServer, 32_000)
  const phones = company.people
  const until = Date.now() + seconds * 1000
  const stopped = new AbortController()
  const bound = new Set<string>()
  const wrong: string[] = []
  let [registers, notRegistered, questions, unanswered] = [0, 0, 0, 0]
  let [asteriskKilled, peerageKilled] = [0, 0]

  async function keepRegistering(): Promise<void> {
    while (!stopped.signal.aborted) {
      const some = phones.filter(() => Math.random() < 0.2)
      const attempts = await crowd.register(some, { perSecond: 25 })
      for (const { extension, isBound } of attempts) {
        registers++
        if (isBound) bound.add(extension)
        else notRegistered++
      }
    }
  }

  async function keepAsking(): Promise<void> {
    while (!stopped.signal.aborted) {
      const person = phones[Math.floor(Math.random() * phones.length)]
      if (!person) continue
      questions++
      const answer = await company
        .ask('ps_auths/single', `id=${person.extension}`)
        .catch(() => null)
      if (answer === null) unanswered++
      else if (answer !== rightAnswer(person)) wrong.push(`${person.extension}: ${answer}`)
      const nobody = await company.ask('ps_auths/single', 'id=none').catch(() => '')
      if (nobody !== '') wrong.push(`none: ${nobody}`)
      await delay(5)
    }
  }

  const load = [keepRegistering(), keepAsking()]
  while (Date.now() < until) {
    const [shortest, longest] = restMs
    await delay(shortest + Math.random() * (longest - shortest))
    if (Math.random() < 0.5) {
      asteriskKilled++
      await asterisk.kill()
      await delay(Math.random() * 500)
      await asterisk.restart()
    } else {
      peerageKilled++
      await company.kill()
      await delay(Math.random() * 500)
      await company.start()
    }
  }
  stopped.abort()
  await Promise.all(load)

  // Before anybody registers again: what was acknowledged must be there still.
  const kept = await company.ask('ps_contacts/multi', 'id%20LIKE=%25')
  const lost = [...bound].filter((extension) => !kept.includes(`id=${extension}%3B%40`))
  const last = await crowd.register(phones, { perSecond: 25 })
  const shutOut = last.filter(({ isBound }) => !isBound).map(({ extension }) => extension)
  await delay(8_000)
  const looked = phones.filter((_, index) => index % Math.ceil(count / 20) === 0)
  let awake = 0
  for (const { extension } of looked) {
    const shown = await asterisk.cli(`pjsip show endpoint ${extension}`)
    if (/^ Endpoint: +\d+\S* +Not in use/m.test(shown)) awake++
  }
  return {
    asteriskKilled,
    peerageKilled,
    registers,
    notRegistered,
    questions,
    unanswered,
    wrong,
    lost,
    shutOut,
    awake,
    looked: looked.length,
  }
}

/** What Peerage must answer to `ps_auths/single`. */
export function rightAnswer({ extension, secret }: CompanyPerson): string {
  return `id=${extension}&auth_type=userpass&username=${extension}&password=${secret}\r\n`
}
