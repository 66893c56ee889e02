import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Ends a process that we started, and waits until it is gone. */
export async function childEnded(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

/** The same for a process that was started `detached`, with all that it has forked. */
export async function groupEnded(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  process.kill(-child.pid, signal)
  await exit
}

/** The servers' programs stand in sbin, which an ordinary user's PATH may lack. */
export function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` }
}
