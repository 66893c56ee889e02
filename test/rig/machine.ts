import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { ensurePackages } from './packages.ts'

const run = promisify(execFile)

/**
 * A network namespace: a machine of its own as far as the network goes. It reaches nobody but the
 * other end of its lines, which is this machine.
 */
export interface Machine extends AsyncDisposable {
  /** Stands before a command that is to run there. */
  readonly prefix: readonly string[]
  /** One more line between there and here; each is cut by itself. */
  addLine(): Promise<Line>
}

export interface Line {
  /** The addresses of its two ends. */
  readonly here: string
  readonly there: string
  /** From now on every packet is lost, in both directions, and nobody is told. */
  cut(): Promise<void>
  mend(): Promise<void>
}

/** Whether this user may make one: root may. */
export function mayMakeMachines(): boolean {
  return process.getuid?.() === 0
}

export async function startMachine(): Promise<Machine> {
  await ensurePackages(['iproute2'])
  const id = randomInt(0xffffff).toString(16)
  const name = `peerage-${id}`
  const there = ['-n', name]
  await ip('netns', 'add', name)
  await using stack = new AsyncDisposableStack()
  stack.defer(() => ip('netns', 'delete', name))
  await ip(...there, 'link', 'set', 'lo', 'up')
  let lines = 0
  const opened = stack.move()
  return {
    prefix: ['ip', 'netns', 'exec', name],
    async addLine() {
      const number = lines++
      const near = `pg${id}n${number}`
      const far = `pg${id}f${number}`
      // Out of the network for such trials (RFC 2544), and never routed anywhere.
      const net = `198.${randomInt(18, 20)}.${randomInt(256)}`
      const last = randomInt(64) * 4
      const ends = { here: `${net}.${last + 1}`, there: `${net}.${last + 2}` }
      await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name)
      opened.defer(() => ip('link', 'delete', near))
      await ip('address', 'add', `${ends.here}/30`, 'dev', near)
      await ip(...there, 'address', 'add', `${ends.there}/30`, 'dev', far)
      await ip('link', 'set', near, 'up')
      await ip(...there, 'link', 'set', far, 'up')
      // Each end takes the other for somebody who is not there: frames arrive, and nobody wants them.
      const nobody = ['lladdr', '02:00:00:00:00:01', 'nud', 'permanent']
      return {
        ...ends,
        async cut() {
          await ip('neighbour', 'replace', ends.there, 'dev', near, ...nobody)
          await ip(...there, 'neighbour', 'replace', ends.here, 'dev', far, ...nobody)
        },
        async mend() {
          await ip('neighbour', 'delete', ends.there, 'dev', near)
          await ip(...there, 'neighbour', 'delete', ends.here, 'dev', far)
        },
      }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', args)
}
