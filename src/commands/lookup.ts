import type { Found } from '../answers/admin/lookup.ts'
import type { Why } from '../answers/admin/why.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'
import { whyText } from './why.ts'

/** `peerage lookup NUMBER|USER`: who that is. 1 when nobody was found. */
export async function lookup(
  named: string | undefined,
  query: string,
  { secrets, json }: { readonly secrets: boolean; readonly json: boolean },
): Promise<number> {
  if (query === '')
    throw new Error('lookup whom? give a number or a login name: peerage lookup 501')
  const { config } = loadConfig(named)
  const path = `/api/lookup?q=${encodeURIComponent(query)}&secrets=${secrets}`
  // The service answers with what answers/admin/lookup.ts found.
  const { found } = (await askService(config, 'GET', path)) as { found: Found[] }
  if (json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  else if (found.length === 0) process.stdout.write(`nobody is known as '${query}'\n`)
  else process.stdout.write(`${found.map(foundText).join('\n\n')}\n`)
  if (!json && /\d/.test(query)) {
    const reasons = (await askService(
      config,
      'GET',
      `/api/why?q=${encodeURIComponent(query)}`,
    )) as Why
    process.stdout.write(`\n${whyText(reasons)}`)
  }
  return found.length === 0 ? 1 : 0
}

function foundText(found: Found): string {
  const { person } = found
  const numbers = person.numbers.map(({ kind, e164, text }) => `${kind} ${e164 ?? text}`)
  const rows: [string, string | null | undefined][] = [
    ['found by', found.by],
    ['extension', extensionText(found)],
    ['aliases', person.aliases.join(', ')],
    ['DIDs', person.dids.join(', ')],
    ['numbers', numbers.join(', ')],
    ['user', person.user],
    ['e-mail', person.email],
    ['title', person.details.title],
    ['department', person.details.department],
    ['imported groups', person.groups.join('; ')],
    ['disabled', disabledText(found)],
    ['lifecycle', lifecycleText(found)],
    ['phones', found.phones.join(', ')],
    ['SIP secret', found.secrets?.sip],
    ['voicemail PIN', found.secrets?.voicemailPin],
    ['entry', person.dn],
    ['source', person.source],
    ['joined with', found.joined.map(({ source, dn }) => `${source}: ${dn}`).join('; ')],
  ]
  const lines = rows.flatMap(([label, text]) => (text ? [`  ${label.padEnd(15)} ${text}`] : []))
  return [person.name, ...lines].join('\n')
}

function extensionText({ person, extensionOwner }: Found): string | null {
  if (person.extension === null || extensionOwner === null) return person.extension
  return `${person.extension} (wanted; it belongs to ${extensionOwner})`
}

function disabledText({ person, decided }: Found): string | null {
  if (decided === 'enabled') return 'no: an administrator enabled the telephone'
  const { disabled } = person
  if (disabled === 'left') return 'left the directory'
  return disabled === 'administrator' ? 'by an administrator' : disabled
}

function lifecycleText({ lifecycle, missingSince }: Found): string | null {
  if (missingSince === null) return lifecycle === 'active' ? null : lifecycle
  return `${lifecycle}; not in the directory since ${new Date(missingSince).toISOString()}`
}
