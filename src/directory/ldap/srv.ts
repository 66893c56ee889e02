import type { SrvRecord } from 'node:dns'
import { resolveSrv } from 'node:dns/promises'
import type { Protection, Server } from './server.ts'

export type ResolveSrv = (name: string) => Promise<SrvRecord[]>

/**
 * The LDAP servers of a domain, by DNS (RFC 2782): first Active Directory's own record, which names
 * domain controllers only, then the general one. Throws with both names when neither is there.
 */
export async function serversOfDomain(
  domain: string,
  tls: Protection,
  resolve: ResolveSrv = resolveSrv,
  random: () => number = Math.random,
): Promise<Server[]> {
  const names = [`_ldap._tcp.dc._msdcs.${domain}`, `_ldap._tcp.${domain}`]
  const reasons: string[] = []
  for (const name of names) {
    try {
      // A single record with the root as its target says: this service is not offered here.
      const records = (await resolve(name)).filter((record) => !['', '.'].includes(record.name))
      if (records.length > 0) return inOrder(records, random).map((record) => toServer(record, tls))
      reasons.push(`${name} names no server`)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : String(error)
      reasons.push(`${name}: ${code}`)
    }
  }
  throw new Error(`DNS names no LDAP server of ${domain} (${reasons.join('; ')})`)
}

function toServer(record: SrvRecord, tls: Protection): Server {
  // The record's port is that of plain LDAP; LDAPS has no record of its own and stands on 636.
  return { host: record.name, port: tls === 'ldaps' ? 636 : record.port, tls }
}

/** Lowest priority first; among equals by chance, in proportion to the weight. */
function inOrder(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const ordered: SrvRecord[] = []
  for (const priority of [...new Set(records.map((record) => record.priority))].sort(
    (a, b) => a - b,
  )) {
    // Weight 0 goes first, so that it is picked only when the random number is 0.
    const group = records
      .filter((record) => record.priority === priority)
      .sort((a, b) => a.weight - b.weight)
    while (group.length > 0) {
      const total = group.reduce((sum, record) => sum + record.weight, 0)
      const wanted = Math.floor(random() * (total + 1))
      let sum = 0
      const index = group.findIndex((record) => (sum += record.weight) >= wanted)
      ordered.push(...group.splice(Math.max(index, 0), 1))
    }
  }
  return ordered
}
