import { DirectoryIncomplete } from '../source.ts'
import { parseFilter } from '../filter.ts'
import type { Channel } from './channel.ts'
import type { RawAttribute, RawEntry } from '../entry.ts'
import { type SearchOptions, searchOnce } from './search.ts'

const anything = parseFilter('(objectClass=*)')

/**
 * Active Directory hands out at most 1500 values of an attribute, as `member;range=0-1499`, and
 * wants to be asked for the rest (MS-ADTS, 3.1.1.3.1.3.3). Fetches them all and merges them under
 * the bare name. An entry without such an attribute is given back as it is, at no cost.
 */
export async function completeRanges(
  channel: Channel,
  entry: RawEntry,
  options: SearchOptions,
): Promise<RawEntry> {
  if (!entry.attributes.some(({ type }) => rangeOf(type))) return entry
  const attributes: RawAttribute[] = []
  for (const attribute of entry.attributes) {
    const range = rangeOf(attribute.type)
    if (!range) attributes.push(attribute)
    else attributes.push(await fetchRest(channel, entry.dn, range, attribute.values, options))
  }
  return { dn: entry.dn, attributes }
}

interface Range {
  readonly type: string
  readonly first: number
  /** Null for `*`: these were the last. */
  readonly last: number | null
}

function rangeOf(type: string): Range | null {
  if (!type.includes(';')) return null
  const found = /^(.*);range=(\d+)-(\d+|\*)$/i.exec(type)
  if (!found) return null
  const [, bare = '', first, last] = found
  return { type: bare, first: Number(first), last: last === '*' ? null : Number(last) }
}

async function fetchRest(
  channel: Channel,
  dn: string,
  start: Range,
  firstValues: readonly Buffer[],
  options: SearchOptions,
): Promise<RawAttribute> {
  const values = [...firstValues]
  let range = start
  while (range.last !== null) {
    const next = range.last + 1
    const wanted = `${range.type};range=${next}-*`
    const { entries } = await searchOnce(
      channel,
      { base: dn, scope: 'base', filter: anything, attributes: [wanted] },
      options,
    )
    const [part] = (entries[0]?.attributes ?? [])
      .map((attribute) => ({ attribute, range: rangeOf(attribute.type) }))
      .filter(({ range }) => range?.first === next)
    if (!part?.range || (part.range.last !== null && part.attribute.values.length === 0)) {
      throw new DirectoryIncomplete(`"${dn}": ${wanted} was asked for and did not come`)
    }
    for (const value of part.attribute.values) values.push(value)
    range = part.range
  }
  return { type: start.type, values }
}
