import type { Contact } from '../phonebook/contact.ts'
import { escapeDnValue, readDn } from './distinguished-name.ts'

/**
 * The tree that phones see: `uid=PERSON,ou=VIEW,dc=peerage`, and nothing else. What a search begins
 * at; null: it is nowhere.
 */
export type Place =
  | { readonly kind: 'root' }
  | { readonly kind: 'schema' }
  /** Everything: whatever view the phone has. */
  | { readonly kind: 'top' }
  | { readonly kind: 'view'; readonly view: string }
  | { readonly kind: 'person'; readonly view: string; readonly id: string }

export const schemaDn = 'cn=Subschema'

export class Tree {
  readonly top: string
  readonly #top: readonly string[]

  /** `base`: a DN (`phonebook.ldap.base`). */
  constructor(base: string) {
    this.top = base
    this.#top = readDn(base) ?? []
  }

  find(text: string): Place | null {
    const dn = readDn(text)
    if (!dn) return null
    if (dn.length === 0) return { kind: 'root' }
    if (dn.length === 1 && isSame(dn[0], schemaDn)) return { kind: 'schema' }
    const below = dn.length - this.#top.length
    if (below < 0 || this.#top.some((part, at) => !isSame(dn[below + at], part))) return null
    if (below === 0) return { kind: 'top' }
    const view = valueOf(dn[below - 1], 'ou')
    if (view === null || below > 2) return null
    if (below === 1) return { kind: 'view', view: view.toLowerCase() }
    const id = valueOf(dn[0], 'uid')
    return id === null ? null : { kind: 'person', view: view.toLowerCase(), id }
  }

  viewDn(view: string): string {
    return `ou=${view},${this.top}`
  }

  personDn({ id }: Contact, view: string): string {
    return `uid=${escapeDnValue(id)},${this.viewDn(view)}`
  }
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase()
}

function valueOf(part: string | undefined, type: string): string | null {
  return part?.startsWith(`${type}=`) === true ? part.slice(type.length + 1) : null
}
