import { superadmin } from '../state/accounts.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

/** `peerage account reset [NAME]`: another password for an account of Peerage itself, shown once. */
export async function account(
  named: string | undefined,
  action: string | undefined,
  name = superadmin,
): Promise<number> {
  if (action !== 'reset') throw new Error('expected: peerage account reset [NAME]')
  const { config } = loadConfig(named)
  const path = `/api/accounts/${encodeURIComponent(name)}/reset`
  // As answers/admin/audit.ts answers.
  const { password } = (await askService(config, 'POST', path)) as { password: string }
  process.stdout.write(`Account ${name}, password (shown this once): ${password}\n`)
  return 0
}
