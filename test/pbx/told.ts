import { People } from '../../src/people/people.ts'
import { claimsOf, type Member } from '../../src/people/member.ts'
import type { Logger } from '../../src/logger.ts'
import { openPbx, type Pbx } from '../../src/pbx/pbx.ts'
import type { AsteriskOptions } from '../../src/pbx/options.ts'
import { usualTimes, type AsteriskTimes } from '../../src/pbx/asterisk.ts'
import type { Person } from '../../src/person/person.ts'
import { openState, type State } from '../../src/state/state.ts'

/** People, state and the Asterisks that are told of both. */
export interface Told extends AsyncDisposable {
  readonly pbx: Pbx
  readonly people: People
  readonly state: State
  /** Level and phrase of each line, with its `problem`. */
  readonly lines: readonly string[]
  put(...people: readonly Person[]): void
  remove(...people: readonly Person[]): void
}

export const quickTimes: AsteriskTimes = {
  ...usualTimes,
  timeoutMs: 300,
  shortestRetryMs: 5,
  longestRetryMs: 40,
  refusedRetryMs: 20,
  againMs: 60_000,
}

export async function openTold(
  asterisks: readonly AsteriskOptions[],
  times: Partial<AsteriskTimes> = {},
  more: { readonly wakes?: boolean } = {},
): Promise<Told> {
  await using stack = new AsyncDisposableStack()
  const people = new People(['test'])
  const state = stack.use(await openState({ state: 'sqlite::memory:' }, Date.now))
  const lines: string[] = []
  const note = (level: string) => (about: unknown, phrase?: string) => {
    const problem = (about as { problem?: string }).problem
    lines.push([level, phrase, ...(problem === undefined ? [] : [problem])].join(': '))
  }
  const log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  } as Logger // only these are called
  const { secrets, contacts, registrations, iaxRegistrations } = state
  const deps = { people, secrets, contacts, registrations, iaxRegistrations, log, now: Date.now }
  const pbx = stack.use(
    openPbx(asterisks, { ...deps, ...more, times: { ...quickTimes, ...times } }),
  )
  const opened = stack.move()
  let run = 0
  return {
    pbx,
    people,
    state,
    lines,
    put(...persons) {
      run++
      const put = persons.map((person) => {
        const before = people.member(person.id)
        const after: Member = { person, claims: claimsOf(person, before, run) }
        return { before, after }
      })
      people.apply({ put, removed: [] })
    },
    remove(...persons) {
      const removed = persons.flatMap(({ id }) => people.member(id) ?? [])
      people.apply({ put: [], removed })
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
