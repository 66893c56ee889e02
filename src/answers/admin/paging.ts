import { Type } from 'typebox'

/** Where a page of a list ends: what the rows are in order by. */
export type Place = readonly (string | number)[]

/** What every list takes. `usual` and `most`: rows of a page. */
export function pageQuery(usual: number, most: number) {
  return {
    limit: Type.Integer({
      minimum: 1,
      maximum: most,
      default: usual,
      description: 'So many at most.',
    }),
    cursor: Type.Optional(
      Type.String({
        maxLength: 2000,
        description: '`next` of the page before; without it, the first page.',
      }),
    ),
  }
}

export interface PageQuery {
  readonly limit: number
  readonly cursor?: string
}

/** A cursor that was not made here, or for another list. */
export class UnknownCursor extends Error {
  override name = 'UnknownCursor'
  code = 'UNKNOWN_CURSOR' as const
  statusCode = 400
}

/** Undefined: from the beginning. Throws `UnknownCursor` unless it is of these types. */
export function placeAfter<T extends readonly ('string' | 'number')[]>(
  { cursor }: PageQuery,
  ...types: T
): { [K in keyof T]: T[K] extends 'string' ? string : number } | undefined {
  if (cursor === undefined) return undefined
  const place = parse(Buffer.from(cursor, 'base64url').toString())
  const isOne =
    Array.isArray(place) &&
    place.length === types.length &&
    types.every((type, at) => typeof place[at] === type)
  if (!isOne) throw new UnknownCursor('querystring/cursor is not the `next` of a page of this list')
  return place as { [K in keyof T]: T[K] extends 'string' ? string : number } // as was looked at
}

/** Of one row more than a page has: the page, and the cursor of the next one; null: it is the last. */
export function pageOf<T>(
  rows: readonly T[],
  { limit }: PageQuery,
  placeOf: (row: T) => Place,
): { readonly rows: readonly T[]; readonly next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last !== undefined ? encode(placeOf(last)) : null
  return { rows: page, next }
}

function encode(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
