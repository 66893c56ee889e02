import { setImmediate } from 'node:timers/promises'

/** Milliseconds of work after which whoever waits for an answer gets his turn. */
const slice = 2

/** To be awaited often: it costs nothing until the time is used up. */
export type Turn = () => Promise<void> | undefined

/** Work in turns with whoever waits for an answer. */
export function inTurns(): Turn {
  let began = performance.now()
  return () => {
    if (performance.now() - began < slice) return undefined
    return setImmediate().then(() => {
      began = performance.now()
    })
  }
}

/** The same for many who work at once: only one of them between two looks at who waits. */
export function inOneLine(): Turn {
  let began = performance.now()
  let line = Promise.resolve()
  return () => {
    if (performance.now() - began < slice) return undefined
    line = line
      .then(() => setImmediate())
      .then(() => {
        began = performance.now()
      })
    return line
  }
}
