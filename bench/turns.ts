/**
 * Watches how long the event loop is held at once, in milliseconds of this thread's CPU, which others
 * on the machine do not lengthen. What is returned gives the longest turn since it was asked last.
 */
export function watchTurns(): () => number {
  let longest = 0
  let last = usedMs()
  setInterval(() => {
    const now = usedMs()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  return () => {
    const was = longest
    longest = 0
    return was
  }
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
