/**
 * What a token may be good for. `administer`: everything; `help`: what a help desk does; `read`: see
 * people and what became of reads, without secrets; `metrics`, `lookup`, `auth`: that one thing.
 */
export const scopes = ['administer', 'help', 'read', 'metrics', 'lookup', 'auth'] as const
export type Scope = (typeof scopes)[number]

export function writeScopes(given: readonly Scope[]): string {
  return scopes.filter((scope) => given.includes(scope)).join(' ')
}

/** What nobody knows any more gives no right to anything. */
export function readScopes(text: string): readonly Scope[] {
  const words = text.split(' ')
  return scopes.filter((scope) => words.includes(scope))
}
