import { setTimeout as delay } from 'node:timers/promises'
import type { Asterisk } from '../rig/asterisk.ts'
import { rightAnswer } from '../rig/chaos.ts'
import type { Company, CompanyPerson } from '../rig/company.ts'
import type { Crowd } from '../rig/phone-crowd.ts'
import { openPhone } from '../rig/phone.ts'
import type { Slapd } from '../rig/slapd.ts'
import type { Tally } from './tally.ts'

export interface Office {
  readonly people: readonly CompanyPerson[]
  readonly company: Company
  readonly asterisk: Asterisk
  readonly slapd: Slapd
  readonly crowd: Crowd
  /** Who was told that he is registered. */
  readonly bound: Set<string>
}

/** `httptimeout` of res_curl.conf. */
const asteriskPatienceMs = 2_000

/** Those who talk; the others register again and again. */
const talkers = 2

export async function keepRegistering(
  { people, crowd, bound }: Office,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const some = people.slice(talkers).filter(() => Math.random() < 0.2)
    const turns = some.map((person, index) =>
      delay(index * 50).then(() =>
        tally.try(async () => {
          const [attempt] = await crowd.register([person], { perSecond: 1000 })
          if (!attempt?.isBound) throw new Error(`${person.extension} got ${attempt?.status}`)
          bound.add(person.extension)
        }),
      ),
    )
    await Promise.all([...turns, delay(100)])
  }
}

export async function keepAsking(
  { people, company }: Office,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  async function ask(): Promise<void> {
    while (!signal.aborted) {
      const person = people[Math.floor(Math.random() * people.length)]
      if (!person) return
      await tally.try(async () => {
        const asked = `id=${person.extension}`
        const answer = await company.ask('ps_auths/single', asked, asteriskPatienceMs)
        if (answer !== rightAnswer(person)) throw new Error(`${person.extension}: ${answer}`)
      })
      await delay(10)
    }
  }
  await Promise.all([ask(), ask()])
}

/** One calls the other, who answers; both hear something. */
export async function keepCalling(
  { people: [first, second], asterisk }: Office,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  if (!first || !second) return
  const server = asterisk.sipServer
  const patienceMs = 20_000
  const phone = ({ extension: user, secret }: CompanyPerson) =>
    openPhone({ server, user, secret, patienceMs })
  while (!signal.aborted) {
    await tally.try(async () => {
      await using caller = await phone(first)
      await using called = await phone(second)
      for (const each of [caller, called]) {
        const { status } = await each.register()
        if (status !== 200) throw new Error(`${each.user} was not registered: ${status}`)
      }
      const call = await caller.call(second.extension)
      const incoming = await called.incoming(patienceMs)
      await incoming.answer()
      await call.talking()
      await Promise.all([call.media(10), incoming.media(10)])
      await call.hangUp()
      for (const each of [caller, called]) await each.unregister()
    })
    await delay(500)
  }
}

/** Somebody is renamed; it is over when Asterisk would be told so. */
export async function keepChanging(
  { people, company, slapd }: Office,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const { extension = '' } = people[turn % people.length] ?? {}
    const name = `Turn ${turn}`
    const dn = `uid=u${extension},ou=people,dc=example`
    const isChanged = await slapd
      .modify(`dn: ${dn}\nchangetype: modify\nreplace: cn\ncn: ${name}\n`)
      .then(() => true)
      .catch(() => false) // it was killed
    if (isChanged) {
      await tally.try(async () => {
        const wanted = `callerid=%22Turn%20${turn}%22`
        for (const began = performance.now(); performance.now() - began < 60_000; await delay(25)) {
          const row = await company.ask('ps_endpoints/single', `id=${extension}`).catch(() => '')
          if (row.includes(wanted)) return
        }
        throw new Error(`${extension} is not ${name} after a minute`)
      })
    }
    await delay(1_000)
  }
}
