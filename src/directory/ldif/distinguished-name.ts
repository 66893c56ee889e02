import { createHash } from 'node:crypto'

/** One spelling for the same name: lower case, no space around `,` and `=`, single spaces. */
export function normaliseDn(dn: string): string {
  return dn
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<!\\) ?([,=+;]) ?/g, '$1')
    .replaceAll(';', ',')
}

/** Whether a normalised DN lies in the scope of a normalised base. */
export function isInScope(dn: string, base: string, scope: 'sub' | 'one' | 'base'): boolean {
  if (dn === base) return scope !== 'one'
  if (scope === 'base') return false
  if (base !== '' && !dn.endsWith(`,${base}`)) return false
  if (scope === 'sub') return true
  const above = base === '' ? dn : dn.slice(0, -base.length - 1)
  return !/(?<!\\),/.test(above)
}

/**
 * An id for an entry that has none of its own. It is as stable as the name: an entry that is renamed
 * or moved in the file is somebody else.
 */
export function idOfDn(dn: string): string {
  return `dn-${createHash('sha256').update(normaliseDn(dn)).digest('hex').slice(0, 32)}`
}
