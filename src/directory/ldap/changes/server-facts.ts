import { parseFilter } from '../../filter.ts'
import { isInScope, normaliseDn } from '../../ldif/distinguished-name.ts'
import type { Channel } from '../channel.ts'
import { type Search, type SearchOptions, searchOnce } from '../search.ts'
import type { RawEntry } from '../../entry.ts'

/** What a server says of itself (its root DSE, RFC 4512, 5.1), as far as following wants it. */
export interface ServerFacts {
  readonly controls: ReadonlySet<string>
  readonly vendor: string
  readonly namingContexts: readonly string[]
  /** Active Directory only: the newest committed change, and the entry that stands for the server. */
  readonly usn: bigint | null
  readonly dsServiceName: string | null
}

const anything = parseFilter('(objectClass=*)')
const attributes = [
  'supportedControl',
  'vendorName',
  'namingContexts',
  'highestCommittedUSN',
  'dsServiceName',
]

export async function readServerFacts(
  channel: Channel,
  options: SearchOptions,
): Promise<ServerFacts> {
  const entry = await readEntry(channel, '', attributes, options)
  const usn = textsOf(entry, 'highestCommittedUSN')[0]
  return {
    controls: new Set(textsOf(entry, 'supportedControl')),
    vendor: textsOf(entry, 'vendorName')[0] ?? '',
    namingContexts: textsOf(entry, 'namingContexts'),
    usn: usn !== undefined && /^\d+$/.test(usn) ? BigInt(usn) : null,
    dsServiceName: textsOf(entry, 'dsServiceName')[0] ?? null,
  }
}

/** The naming context that holds the base: where groups may be, and where a server keeps its state. */
export function contextOf({ namingContexts }: ServerFacts, base: string): string {
  const name = normaliseDn(base)
  const holding = namingContexts.filter((context) => isInScope(name, normaliseDn(context), 'sub'))
  return holding.sort((a, b) => b.length - a.length)[0] ?? base
}

/** One entry by its name; undefined when it may not be read. */
export async function readEntry(
  channel: Channel,
  dn: string,
  wanted: readonly string[],
  options: SearchOptions,
): Promise<RawEntry | undefined> {
  const search: Search = { base: dn, scope: 'base', filter: anything, attributes: wanted }
  return (await searchOnce(channel, search, options)).entries[0]
}

export function valuesOf(entry: RawEntry | undefined, attribute: string): readonly Buffer[] {
  const name = attribute.toLowerCase()
  const found = entry?.attributes.filter(({ type }) => type.toLowerCase() === name)
  return found?.flatMap(({ values }) => values) ?? []
}

export function textsOf(entry: RawEntry | undefined, attribute: string): string[] {
  return valuesOf(entry, attribute).map((value) => value.toString())
}
