import type { Logger } from '../logger.ts'
import type { People, PeopleChange } from '../people/people.ts'
import type { Secrets } from '../state/secrets.ts'
import {
  Asterisk,
  mostNames,
  usualTimes,
  type AsteriskStatus,
  type AsteriskTimes,
} from './asterisk.ts'
import type { Batch, Forgotten } from './forgetting.ts'
import type { AsteriskOptions } from './options.ts'
import { Phones, type PhonesDeps } from './phones.ts'

export interface PbxDeps extends PhonesDeps {
  readonly secrets: Pick<Secrets, 'onChange'>
  readonly log: Logger
  readonly now: () => number
  readonly times?: AsteriskTimes
}

/** The Asterisks that ask us, as far as they can be told something. */
export interface Pbx extends AsyncDisposable {
  status(): readonly AsteriskStatus[]
  /** Resolves when every Asterisk is connected and has been told what is known so far. */
  settled(): Promise<void>
}

/**
 * Asterisk remembers what it was answered, so that a call costs it no question. Here it is told of
 * each change of people and secrets, and forgets just those. It goes on in the background: a change
 * never waits for an Asterisk, and none of them for another.
 */
export function openPbx(options: readonly AsteriskOptions[], deps: PbxDeps): Pbx {
  const { people, secrets, log, now, times = usualTimes } = deps
  const stopping = new AbortController()
  const asterisks = options.map(
    (each, index) => new Asterisk(each, `asterisk[${index}]`, { log, now, times }),
  )
  const phones = new Phones(deps)
  const tell = (batch: Batch) => {
    for (const asterisk of asterisks) asterisk.forget(batch)
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
  const running = asterisks.map((asterisk) => asterisk.keepConnected(stopping.signal))
  return {
    status: () => asterisks.map(({ status }) => status),
    async settled() {
      await Promise.all(asterisks.map((asterisk) => asterisk.settled()))
      await leaving
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
