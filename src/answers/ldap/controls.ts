import { BerReader } from '../../ldap-wire/ber-reader.ts'
import { BerWriter } from '../../ldap-wire/ber-writer.ts'
import { ProtocolBroken } from '../../ldap-wire/frames.ts'
import type { Control } from './request.ts'

/** OIDs of the controls that a search may carry. */
export const controlIds = {
  paged: '1.2.840.113556.1.4.319',
  sort: '1.2.840.113556.1.4.473',
  sorted: '1.2.840.113556.1.4.474',
  manageDsaIt: '2.16.840.1.113730.3.4.2',
} as const

export const supportedControls: readonly string[] = [
  controlIds.paged,
  controlIds.sort,
  controlIds.manageDsaIt,
]

export interface SearchControls {
  /** RFC 2696; null: not paged. */
  readonly paging: { readonly size: number; readonly cookie: string } | null
  /** RFC 2891; null: in the order of the view. */
  readonly sort: SortKey | null
}

export interface SortKey {
  readonly attribute: string
  readonly isReverse: boolean
}

/** Null: one of them is critical and nothing that is known here (RFC 4511, 4.1.11). */
export function readControls(controls: readonly Control[]): SearchControls | null {
  if (controls.some(({ oid, isCritical }) => isCritical && !supportedControls.includes(oid))) {
    return null
  }
  const valueOf = (wanted: string) => controls.find(({ oid }) => oid === wanted)?.value
  const paged = valueOf(controlIds.paged)
  const sort = valueOf(controlIds.sort)
  return { paging: paged ? readPaging(paged) : null, sort: sort ? readSort(sort) : null }
}

export function pagingReply(cookie: string): readonly [string, Buffer] {
  const value = new BerWriter().open(0x30).integer(0).text(cookie).close().finish()
  return [controlIds.paged, value]
}

/** 0, or 16 for an attribute that there is not. */
export function sortReply(code: number): readonly [string, Buffer] {
  return [controlIds.sorted, new BerWriter().open(0x30).integer(code, 0x0a).close().finish()]
}

function readPaging(value: Buffer): SearchControls['paging'] {
  const paging = new BerReader(value).inside(0x30)
  const size = paging.integer()
  if (size < 0) throw new ProtocolBroken('a page has no size')
  return { size, cookie: paging.text() }
}

/** By the first key; who has the same stays in the order of the view. */
function readSort(value: Buffer): SortKey | null {
  const list = new BerReader(value).inside(0x30)
  if (list.isAtEnd) return null
  const key = list.inside(0x30)
  const attribute = key.text()
  if (key.peek() === 0x80) key.text(0x80) // the order is always that of the view's language
  return { attribute, isReverse: key.peek() === 0x81 && key.boolean(0x81) }
}
