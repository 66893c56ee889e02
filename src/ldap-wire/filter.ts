/** A search filter (RFC 4511, 4.5.1.7) as a tree. Values are bytes, as they go over the wire. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | ValueFilter
  | SubstringFilter
  | {
      readonly kind: 'extensible'
      readonly attribute: string | null
      readonly rule: string | null
      readonly dnAttributes: boolean
      readonly value: Buffer
    }

export interface ValueFilter {
  readonly kind: 'equal' | 'greaterOrEqual' | 'lessOrEqual' | 'approx'
  readonly attribute: string
  readonly value: Buffer
}

export interface SubstringFilter {
  readonly kind: 'substring'
  readonly attribute: string
  readonly initial: Buffer | null
  readonly any: readonly Buffer[]
  readonly final: Buffer | null
}

/** The attributes that decide about an entry, as they are written, some perhaps twice. */
export function attributesIn(filter: Filter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(attributesIn)
    case 'not':
      return attributesIn(filter.filter)
    default:
      return filter.attribute === null ? [] : [filter.attribute]
  }
}
