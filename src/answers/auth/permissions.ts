import type { Role } from '../../state/accounts.ts'

/** What of the API the help desk may change: what somebody calls it for. */
const helpDeskMay = new Set([
  '/api/people/:id/:decision',
  '/api/people/:id/reset-pin',
  '/api/people/:id/reset-secret',
  '/api/invalidate',
  '/api/sync',
])

/** Nobody but an administrator reads these. */
const confidential = new Set(['/api/audit', '/api/accounts'])

/**
 * The least role for a request of the API, by its route. What is not named here is for everybody
 * who may read, when it only reads, and otherwise for administrators.
 */
export function roleFor(method: string, route: string, query: unknown): Role {
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
