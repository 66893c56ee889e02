import { resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { controlSocketPath, refuseSecond } from '../http/control-socket.ts'
import { backUp, restore as restoreState, type Copied } from '../state/backup.ts'
import { isPostgres } from '../state/postgres/address.ts'
import { databasePath } from '../state/state.ts'
import { loadConfig } from './load-config.ts'

/** `peerage backup FILE`: the state as it is at this moment, also of a running service. */
export function backup(named: string | undefined, file: string | undefined): number {
  if (file === undefined) throw new Error('expected: peerage backup FILE')
  const { config } = loadConfig(named)
  wantsFile(config, 'pg_dump')
  const copied = backUp(config, resolve(file))
  process.stdout.write(
    `${file}: ${copiedText(copied)}. The key of the secrets is not in it: keep that in another place.\n`,
  )
  return 0
}

/** `peerage restore FILE`: of a service that is not running, and that has no state. */
export async function restore(
  named: string | undefined,
  file: string | undefined,
): Promise<number> {
  if (file === undefined) throw new Error('expected: peerage restore FILE')
  const { config } = loadConfig(named)
  wantsFile(config, 'pg_restore')
  const socket = controlSocketPath(databasePath(config))
  if (socket !== null) await refuseSecond(socket)
  const copied = await restoreState(config, resolve(file), Date.now)
  process.stdout.write(`${databasePath(config)}: ${copiedText(copied)}\n`)
  return 0
}

/** A database server has better tools of its own. */
function wantsFile({ state }: Pick<Config, 'state'>, tool: string): void {
  if (isPostgres(state)) throw new Error(`the state is in PostgreSQL; use ${tool} for it`)
}

function copiedText({ people, secrets, contacts }: Copied): string {
  return `${people} people, ${secrets} secrets (encrypted), ${contacts} contacts`
}
