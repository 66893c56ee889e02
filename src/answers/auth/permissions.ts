import type { Role } from '../../state/accounts.ts'
import type { Scope } from '../../state/token-scopes.ts'
import { isAtLeast } from './subject.ts'

/** What of the API the help desk may change: what somebody calls it for. */
const helpDeskMay = new Set([
  '/api/people/:id/:decision',
  '/api/people/:id/reset-pin',
  '/api/people/:id/reset-secret',
  '/api/invalidate',
  '/api/sync',
])

/** Nobody but an administrator reads these. */
const confidential = new Set([
  '/api/audit',
  '/api/accounts',
  '/api/tokens',
  '/api/sources',
  '/api/configuration',
])

/** What a token of one purpose may read, and nothing else. */
const purposes: Readonly<Partial<Record<Scope, ReadonlySet<string>>>> = {
  metrics: new Set(['/metrics']),
  lookup: new Set(['/api/lookup', '/api/why']),
}

/** The role that a token stands for; one that is good for a single purpose has that of nobody. */
export function roleOfScopes(scopes: readonly Scope[]): Role {
  if (scopes.includes('administer')) return 'administrator'
  if (scopes.includes('help')) return 'helpDesk'
  return scopes.includes('read') ? 'reader' : 'person'
}

/** Null: a token with these scopes may do it; else the least scope that is wanted for it. */
export function missingScope(
  scopes: readonly Scope[],
  method: string,
  route: string,
  query: unknown,
): Scope | null {
  const wanted = roleFor(method, route, query)
  if (isAtLeast(roleOfScopes(scopes), wanted)) return null
  if (wanted !== 'reader') return wanted === 'helpDesk' ? 'help' : 'administer'
  const [purpose] = Object.entries(purposes).find(([, routes]) => routes.has(route)) ?? []
  const least = (purpose ?? 'read') as Scope // a key of the record above
  return scopes.includes(least) ? null : least
}

/**
 * The least role for a request of the API, by its route. What is not named here is for everybody
 * who may read, when it only reads, and otherwise for administrators.
 */
export function roleFor(method: string, route: string, query: unknown): Role {
  if (route === '/api/me' || route.startsWith('/api/me/')) return 'person'
  if (confidential.has(route)) return 'administrator'
  if (method === 'GET' || method === 'HEAD') {
    return asksForSecrets(query) ? 'administrator' : 'reader'
  }
  return helpDeskMay.has(route) ? 'helpDesk' : 'administrator'
}

/** Before the query is checked: whatever may be understood as yes. */
function asksForSecrets(query: unknown): boolean {
  return (
    typeof query === 'object' && query !== null && 'secrets' in query && query.secrets !== 'false'
  )
}
