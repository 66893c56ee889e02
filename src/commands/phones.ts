import type { PhoneToken } from '../state/phone-tokens.ts'
import { askService, listService } from './control.ts'
import { loadConfig } from './load-config.ts'

/** `peerage phones`: who may read the phone book and when he did; `peerage phones revoke ID`. */
export async function phones(
  named: string | undefined,
  [action, id]: readonly string[],
  json: boolean,
): Promise<number> {
  const { config } = loadConfig(named)
  if (action === 'revoke') {
    if (!/^\d+$/.test(id ?? '')) throw new Error('revoke which phone? peerage phones revoke 3')
    await askService(config, 'POST', `/api/phones/${id}/revoke`)
    process.stdout.write(`phone ${id} may not read the phone book any more\n`)
    return 0
  }
  if (action !== undefined)
    throw new Error(`phones cannot '${action}'; try: peerage phones revoke ID`)
  // The service answers with what it keeps: answers/admin/phones.ts.
  const all = (await listService(config, '/api/phones', 'phones')) as PhoneToken[]
  const lines = all.map(phoneText)
  if (json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
  else process.stdout.write(lines.length === 0 ? 'no phone has a token\n' : `${lines.join('\n')}\n`)
  return 0
}

function phoneText({ id, vendor, view, device, lastUse }: PhoneToken): string {
  const used =
    lastUse === null
      ? 'never used'
      : `${new Date(lastUse.at).toISOString()} from ${lastUse.from}, ${lastUse.by || 'no name'}`
  return `${String(id).padStart(5)}  ${vendor.padEnd(12)} ${view.padEnd(10)} ${device.padEnd(18)} ${used}`
}
