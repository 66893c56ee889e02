import type { Logger } from '../logger.ts'
import type { People, PeopleChange } from '../people/people.ts'
import type { Secrets } from '../state/secrets.ts'
import type { WrittenRow } from '../state/written-rows.ts'
import {
  Asterisk,
  mostNames,
  usualTimes,
  type AsteriskStatus,
  type AsteriskTimes,
} from './asterisk.ts'
import type { Batch, Forgotten } from './forgetting.ts'
import type { AsteriskOptions } from './options.ts'
import { Phones, registeredPhone, type PhonesDeps, type RegisteredPhone } from './phones.ts'
import { Waker } from './waker.ts'

export interface PbxDeps extends PhonesDeps {
  readonly secrets: Pick<Secrets, 'onChange'>
  readonly log: Logger
  readonly now: () => number
  readonly times?: AsteriskTimes
  /** Whether phones that register are made known to Asterisk; default: no. */
  readonly wakes?: boolean
}

/** The Asterisks that ask us, as far as they can be told something. */
export interface Pbx extends AsyncDisposable {
  status(): readonly PbxStatus[]
  /** Resolves when every Asterisk is connected and has been told what is known so far. */
  settled(): Promise<void>
  /** Extensions of everybody who has a phone. */
  registered(): Iterable<string>
  /** Whether an Asterisk that asks for the list of everybody may be starting; else it reloads. */
  mayBeStarting(): boolean
}

export interface PbxStatus extends AsteriskStatus {
  /** Registered phones that were made known to it; null: that is not configured. */
  readonly woken: number | null
}

/**
 * Asterisk remembers what it was answered, so that a call costs it no question. Here it is told of
 * each change of people and secrets, and forgets just those; and of each phone that registers, which
 * it would not know otherwise. It goes on in the background: a change never waits for an Asterisk,
 * and none of them for another.
 */
export function openPbx(options: readonly AsteriskOptions[], deps: PbxDeps): Pbx {
  const { people, secrets, contacts } = deps
  const stopping = new AbortController()
  const asterisks = options.map((each, index) => openAsterisk(each, `asterisk[${index}]`, deps))
  const phones = new Phones(deps)
  const tell = (batch: Batch) => {
    for (const { asterisk } of asterisks) asterisk.forget(batch)
  }
  let leaving = Promise.resolve()
  const stopPeople = people.onChange((change) => {
    const batch = changedExtensions(change, people)
    tell(batch)
    const left = batch === 'everybody' ? [...phones.extensions()] : [...batch.keys()]
    leaving = leaving.then(() => phones.leave(left))
  })
  const stopSecrets = secrets.onChange((id) => {
    const extension = people.get(id)?.extension
    if (extension) tell(new Map([[extension, 'secret']]))
  })
  contacts.onChange((_key, before, after) => {
    if (before !== undefined || after === undefined) return
    for (const phone of phonesOfPeople([after], people)) {
      for (const { waker } of asterisks) waker?.wake(phone)
    }
  })
  const running = asterisks.flatMap(({ asterisk, waker }) => [
    asterisk.keepConnected(stopping.signal),
    waker?.keepAwake(stopping.signal),
  ])
  return {
    status: () => asterisks.map(statusOf),
    async settled() {
      await Promise.all(asterisks.map(({ asterisk }) => asterisk.settled()))
      await Promise.all(asterisks.map(({ waker }) => waker?.settled()))
      await leaving
    },
    registered: () =>
      new Set(Array.from(phonesOfPeople(contacts.values(), people), ({ extension }) => extension)),
    mayBeStarting() {
      if (asterisks.some(({ waker }) => waker?.isReloading)) return false
      return asterisks.length === 0 || !asterisks.every(isRunning)
    },
    async [Symbol.asyncDispose]() {
      stopPeople()
      stopSecrets()
      stopping.abort()
      await Promise.all(running)
      await leaving
    },
  }
}

interface OpenAsterisk {
  readonly asterisk: Asterisk
  /** Null where nothing is configured to wake phones with. */
  readonly waker: Waker | null
}

function openAsterisk(options: AsteriskOptions, path: string, deps: PbxDeps): OpenAsterisk {
  const { people, contacts, log, now, times = usualTimes, wakes = false } = deps
  const onPjsip = (): void => waker?.look()
  const asterisk = new Asterisk(options, path, { log, now, times, onPjsip })
  const waker = wakes
    ? new Waker({
        ask: (action, fields) => asterisk.ask(action, fields),
        hasPjsip: () => asterisk.status.technologies.includes('pjsip'),
        phones: () => phonesOfPeople(contacts.values(), people),
        about: { asterisk: options.name },
        log,
        times,
      })
    : null
  return { asterisk, waker }
}

/** Phones that are kept by hand in pjsip.conf are known to Asterisk anyway. */
function* phonesOfPeople(
  contacts: Iterable<WrittenRow>,
  people: People,
): Generator<RegisteredPhone> {
  for (const contact of contacts) {
    const phone = registeredPhone(contact)
    if (phone && people.byExtension(phone.extension)) yield phone
  }
}

function isRunning({ asterisk, waker }: OpenAsterisk): boolean {
  const { connected, technologies } = asterisk.status
  return (
    connected &&
    (technologies.includes('pjsip') ? waker?.isBooted === true : technologies.length > 0)
  )
}

function statusOf({ asterisk, waker }: OpenAsterisk): PbxStatus {
  const { status } = asterisk
  const problem = status.problem ?? waker?.problem ?? null
  return { ...status, problem, woken: waker?.woken ?? null }
}

/** Extensions that may be answered differently from now on. */
export function changedExtensions({ put, removed }: PeopleChange, people: People): Batch {
  if (put.length + removed.length > mostNames) return 'everybody'
  const members = [...removed, ...put.flatMap(({ before, after }) => [before, after])]
  const changed = new Map<string, Forgotten>()
  for (const member of members) {
    const extension = member?.person.extension
    if (!extension) continue
    changed.set(extension, 'person')
    // Who claims the same in another spelling may have won or lost it.
    for (const other of people.claimants(extension)) {
      if (other.extension?.toLowerCase() === extension.toLowerCase()) {
        changed.set(other.extension, 'person')
      }
    }
  }
  return changed
}
