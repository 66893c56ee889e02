/** What a request may look like; every one is sent to a running service by a test. */
export interface Example {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** Of the sample company. */
const ada = { id: 'company/9274f4f3-7c80-5870-a045-6e07bb9039a3' }

const settings = { preset: 'openldap', ldif: './people.ldif' }
const tried = { params: { name: 'company' }, body: { settings } }

/** By operation, as the summaries are. An operation that is not named here is asked for as it is. */
export const examples: Readonly<Record<string, Example>> = {
  'GET /api/asterisk/probes/{probe}': { params: { probe: 'peerage-probe-0123456789abcdef' } },
  'POST /api/sync': { query: { source: 'company' } },
  'GET /api/runs': { query: { limit: 5, source: 'company' } },
  'GET /api/runs/{id}': { params: { id: 1 } },
  'GET /api/plans': { query: { limit: 5 } },
  'GET /api/plans/{id}': { params: { id: 1 } },
  'POST /api/plans/{id}/approve': { params: { id: 1 } },
  'POST /api/plans/{id}/reject': { params: { id: 1 } },
  'GET /api/people': { query: { q: 'ada', filter: 'active', limit: 20 } },
  'GET /api/people/{id}': { params: ada },
  'POST /api/people/{id}/{decision}': { params: { ...ada, decision: 'disable' } },
  'POST /api/people/{id}/reset-pin': { params: ada, query: { show: true } },
  'POST /api/people/{id}/reset-secret': { params: ada },
  'POST /api/invalidate': { body: { number: '501' } },
  'GET /api/why': { query: { q: '+49 171 3920001' } },
  'GET /api/lookup': { query: { q: '501' } },
  'GET /api/conflicts': { query: { limit: 20 } },
  'GET /api/numbers/free': { query: { limit: 20 } },
  'GET /api/numbers/unreadable': { query: { limit: 20 } },
  'GET /api/numbers/unowned': { query: { limit: 20 } },
  'GET /api/phones': { query: { limit: 20 } },
  'POST /api/phones': {
    body: {
      vendor: 'snom',
      view: 'staff',
      device: '000413aabbcc',
      origin: 'https://phones.example.org',
    },
  },
  'POST /api/phones/{id}/revoke': { params: { id: 1 } },
  'POST /api/calls': { body: { from: '501', to: '+49 171 3920001' } },
  'GET /api/me/colleagues': { query: { q: 'ada' } },
  'POST /api/me/pin': { body: { pin: '840517' } },
  'POST /api/me/calls': { body: { to: '+49 171 3920001' } },
  'POST /api/sources/{name}/test': tried,
  'POST /api/sources/{name}/attributes': tried,
  'POST /api/sources/{name}/preview': tried,
  'POST /api/sources/{name}/plan': tried,
  'POST /api/sources/{name}/difference': tried,
  'PUT /api/sources/{name}': tried,
  'DELETE /api/sources/{name}': { params: { name: 'branch' } },
  'GET /api/audit': { query: { kind: 'change', limit: 20 } },
  'POST /api/tokens': { body: { name: 'monitoring', scopes: ['metrics'] } },
  'POST /api/tokens/{name}/revoke': { params: { name: 'wiki' } },
  'POST /api/accounts/{name}/reset': { params: { name: 'superadmin' } },
  'GET /api/views/{name}/preview': {
    params: { name: 'staff' },
    query: { vendor: 'snom', q: 'ada' },
  },
}
