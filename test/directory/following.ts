import type { DirectoryChange, DirectorySource, Entry } from '../../src/directory/source.ts'
import { readAll } from './reading.ts'

/** A consumer that keeps a copy of a directory by its changes, as the synchronisation does. */
export interface Following extends AsyncDisposable {
  /** The values so far, as words: `read-again`, or `delta +id… -id…`. */
  readonly told: readonly string[]
  readonly people: ReadonlyMap<string, Entry>
  /** Reads that failed so far. */
  readonly failures: number
  /** Waits until the copy is as wanted, and fails when that takes too long. */
  until(isAsWanted: (people: ReadonlyMap<string, Entry>) => boolean): Promise<void>
  /** Waits for so many `read-again` in all, each with its read done. */
  untilReads(count: number): Promise<void>
}

export function follow(source: DirectorySource, longestMs = 15_000): Following {
  const stop = new AbortController()
  const people = new Map<string, Entry>()
  const told: string[] = []
  let reads = 0
  let failure: unknown
  let failures = 0
  let wake = () => {}

  const take = async (change: DirectoryChange) => {
    if (change.kind === 'read-again') {
      const { entries } = await readAll(source, stop.signal)
      people.clear()
      for (const entry of entries) people.set(entry.id ?? '', entry)
      told.push('read-again')
      reads += 1
      return
    }
    for (const entry of change.entries) people.set(entry.id ?? '', entry)
    for (const id of change.gone) people.delete(id)
    const gone = change.gone.map((id) => `-${id}`)
    told.push(['delta', ...change.entries.map(({ id }) => `+${id}`), ...gone].join(' '))
  }
  const taking = (async () => {
    try {
      for await (const change of source.changes?.(stop.signal) ?? []) {
        // A read may meet a server that is just going down; the next one counts.
        await take(change).catch((error: unknown) => {
          failure = error
          failures += 1
        })
        wake()
      }
    } catch (error) {
      failure = error
      wake()
    }
  })()

  const wait = async (isOver: () => boolean) => {
    const deadline = Date.now() + longestMs
    while (!isOver()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      const timer = setTimeout(resolve, Math.max(1, deadline - Date.now()))
      await promise
      clearTimeout(timer)
      if (Date.now() >= deadline && !isOver()) {
        const last = told.slice(-10).map((words) => words.slice(0, 200))
        throw new Error(`it did not come to that; told: ${last.join(', ')}; ${String(failure)}`)
      }
    }
  }
  return {
    told,
    people,
    get failures() {
      return failures
    },
    until: (isAsWanted) => wait(() => isAsWanted(people)),
    untilReads: (count) => wait(() => reads >= count),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await taking
    },
  }
}

/** Whether somebody in the copy has this value. */
export function has(attribute: string, value: string) {
  return (people: ReadonlyMap<string, Entry>) => idWith(people, attribute, value) !== undefined
}

export function hasNot(attribute: string, value: string) {
  return (people: ReadonlyMap<string, Entry>) => idWith(people, attribute, value) === undefined
}

export function idWith(
  people: ReadonlyMap<string, Entry>,
  attribute: string,
  value: string,
): string | undefined {
  return [...people].find(([, { attributes }]) => attributes.get(attribute)?.includes(value))?.[0]
}
