import { randomBytes } from 'node:crypto'
import type { Postgres } from '../rig/postgres.ts'
import { startTestService, type TestService, type TestServiceOptions } from './service.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Nodes in this process, each with its own copy of the directory, on one state. */
export interface Cluster extends AsyncDisposable {
  readonly state: string
  start(name: string, options?: Partial<TestServiceOptions>): Promise<TestService>
}

export async function startCluster(
  postgres: Postgres,
  ldif: string,
  address?: string,
): Promise<Cluster> {
  const stack = new AsyncDisposableStack()
  const state = address ?? (await postgres.createDatabase())
  const key = randomBytes(32).toString('base64')
  return {
    state,
    async start(name, options = {}) {
      const folder = stack.use(await temporaryFolder()).path
      const { yaml = '', ...rest } = options
      const own = `node: ${name}\nstateKey: ${key}\nstateJournalFile: ./node.db\n`
      return stack.use(
        await startTestService({ ldif, folder, state, ...rest, yaml: `${own}${yaml}` }),
      )
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Looks again and again until it is so. Resolves with the milliseconds that it took. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  mostMs = 30_000,
): Promise<number> {
  const begun = performance.now()
  while (!(await isSo())) {
    if (performance.now() - begun > mostMs) throw new Error(`still not so after ${mostMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return performance.now() - begun
}
