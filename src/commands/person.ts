import type { Found } from '../answers/admin/lookup.ts'
import { decisions } from '../sync/decision.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

const resets = ['reset-pin', 'reset-secret'] as const
const actions: readonly string[] = [...decisions, ...resets]

/** `peerage person ID|NUMBER disable|enable|unmanage|manage|reset-pin|reset-secret`. */
export async function person(
  named: string | undefined,
  who: string | undefined,
  action: string | undefined,
): Promise<number> {
  if (who === undefined || action === undefined || !actions.includes(action)) {
    throw new Error(`expected: peerage person ID|NUMBER ${actions.join('|')}`)
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
  const post = `/api/people/${encodeURIComponent(id)}/${action}`
  // As answers/admin/person-actions.ts and person-secrets.ts answer.
  const now = (await askService(config, 'POST', post)) as Answer
  const text = now.origin === undefined ? `is ${now.lifecycle} now` : resetText(action, now.origin)
  process.stdout.write(`${now.name} (${id}) ${text}\n`)
  return 0
}

interface Answer {
  readonly name: string
  readonly lifecycle?: string
  readonly origin?: 'new' | 'directory'
}

function resetText(action: string, origin: 'new' | 'directory'): string {
  const what = action === 'reset-pin' ? 'PIN' : 'SIP secret'
  return origin === 'new'
    ? `has a new ${what}; peerage lookup --secrets shows it`
    : `has the ${what} that the directory says`
}
