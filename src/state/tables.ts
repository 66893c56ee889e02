/** Every table of the state with its key; what is written to it concerns the first column of it. */
export const tables = [
  { name: 'people', key: ['id'] },
  { name: 'sources', key: ['name'] },
  { name: 'secrets', key: ['person', 'kind'] },
  { name: 'contacts', key: ['id'] },
  { name: 'registrations', key: ['name'] },
  { name: 'iax_registrations', key: ['name'] },
  { name: 'queue_members', key: ['uniqueid'] },
  { name: 'runs', key: ['id'] },
  { name: 'plans', key: ['id'] },
  { name: 'rejections', key: ['source', 'person'] },
  { name: 'joins', key: ['source'] },
  { name: 'notices', key: ['id'] },
  { name: 'notice_deliveries', key: ['notice', 'channel'] },
  { name: 'tokens', key: ['digest'] },
  { name: 'done_requests', key: ['key'] },
  { name: 'phones', key: ['id'] },
  { name: 'accounts', key: ['name'] },
  { name: 'sessions', key: ['digest'] },
  { name: 'audit', key: ['id'] },
  { name: 'setup_links', key: ['digest'] },
] as const satisfies readonly Table[]

export interface Table {
  readonly name: string
  readonly key: readonly [string, ...string[]]
}

export type TableName = (typeof tables)[number]['name']

/** Tables that are about the nodes themselves: they are not moved with an installation. */
export const ownTables = ['migrations', 'leases', 'changes']
