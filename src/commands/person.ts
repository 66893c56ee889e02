import type { Found } from '../answers/admin/lookup.ts'
import { decisions } from '../sync/decision.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

/** `peerage person ID|NUMBER disable|enable|unmanage|manage`. */
export async function person(
  named: string | undefined,
  who: string | undefined,
  decision: string | undefined,
): Promise<number> {
  if (who === undefined || !decisions.some((name) => name === decision)) {
    throw new Error(`expected: peerage person ID|NUMBER ${decisions.join('|')}`)
  }
  const { config } = loadConfig(named)
  const path = `/api/lookup?q=${encodeURIComponent(who)}`
  // The service answers with what answers/admin/lookup.ts found.
  const { found } = (await askService(config, 'GET', path)) as { found: Found[] }
  const [first, ...others] = found
  if (!first) throw new Error(`nobody is known as '${who}'`)
  if (others.length > 0) {
    const ids = found.map(({ person }) => `  ${person.id}  ${person.name}`)
    throw new Error(`'${who}' may be several people; name one by the id:\n${ids.join('\n')}`)
  }
  const { id } = first.person
  const post = `/api/people/${encodeURIComponent(id)}/${decision}`
  const now = (await askService(config, 'POST', post)) as { name: string; lifecycle: string }
  process.stdout.write(`${now.name} (${id}) is ${now.lifecycle} now\n`)
  return 0
}
