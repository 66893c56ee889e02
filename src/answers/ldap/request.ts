import { BerReader } from '../../ldap-wire/ber-reader.ts'
import type { Filter } from '../../ldap-wire/filter.ts'
import { ProtocolBroken } from '../../ldap-wire/frames.ts'
import { readFilter } from './read-filter.ts'

/** One message of a phone (RFC 4511, 4.1.1). */
export interface Message {
  readonly id: number
  readonly request: Request
  readonly controls: readonly Control[]
}

export type Request =
  | BindRequest
  | SearchRequest
  | { readonly kind: 'unbind' }
  | { readonly kind: 'abandon'; readonly id: number }
  | { readonly kind: 'extended'; readonly name: string }
  /** Add, delete, modify, rename and compare: known, and never done. */
  | { readonly kind: 'other'; readonly answer: number }

export interface BindRequest {
  readonly kind: 'bind'
  readonly version: number
  readonly name: string
  /** Null: another method than a simple bind. */
  readonly password: string | null
}

export interface SearchRequest {
  readonly kind: 'search'
  readonly base: string
  readonly scope: 'base' | 'one' | 'sub'
  /** 0: no limit. */
  readonly sizeLimit: number
  readonly typesOnly: boolean
  /** Null: more or deeper than any phone asks. */
  readonly filter: Filter | null
  /** As they were written; none: all. */
  readonly attributes: readonly string[]
}

export interface Control {
  readonly oid: string
  readonly isCritical: boolean
  readonly value: Buffer | null
}

/** Response tags of what is never done, by request tag. */
const others: Readonly<Record<number, number>> = {
  0x66: 0x67, // modify
  0x68: 0x69, // add
  0x4a: 0x6b, // delete
  0x6c: 0x6d, // modify DN
  0x6e: 0x6f, // compare
}

const mostAttributes = 100
const mostControls = 20

/** Throws `ProtocolBroken` for what is no LDAP message. */
export function readMessage(bytes: Buffer): Message {
  const message = new BerReader(bytes).inside(0x30)
  const id = message.integer()
  if (id < 1) throw new ProtocolBroken('a message has no number')
  const request = readRequest(message)
  const controls = message.isAtEnd ? [] : readControls(message.inside(0xa0))
  if (!message.isAtEnd) throw new ProtocolBroken('a message has more than it should')
  return { id, request, controls }
}

function readRequest(message: BerReader): Request {
  const tag = message.peek() ?? 0
  switch (tag) {
    case 0x60:
      return readBind(message.inside(tag))
    case 0x42:
      message.inside(tag)
      return { kind: 'unbind' }
    case 0x63:
      return readSearch(message.inside(tag))
    case 0x50:
      return { kind: 'abandon', id: message.integer(tag) }
    case 0x77:
      return { kind: 'extended', name: message.inside(tag).text(0x80) }
  }
  const answer = others[tag]
  if (answer === undefined) throw new ProtocolBroken('a message is of no known kind')
  message.inside(tag)
  return { kind: 'other', answer }
}

function readBind(bind: BerReader): BindRequest {
  const version = bind.integer()
  const name = bind.text()
  return { kind: 'bind', version, name, password: bind.peek() === 0x80 ? bind.text(0x80) : null }
}

function readSearch(search: BerReader): SearchRequest {
  const base = search.text()
  const scope = (['base', 'one', 'sub'] as const)[search.integer(0x0a)]
  if (scope === undefined) throw new ProtocolBroken('a search has no scope')
  search.integer(0x0a) // there are no aliases that could be dereferenced
  const sizeLimit = search.integer()
  search.integer() // no search takes a second
  const typesOnly = search.boolean()
  const filter = readFilter(search)
  const list = search.inside(0x30)
  const attributes: string[] = []
  while (!list.isAtEnd && attributes.length < mostAttributes) attributes.push(list.text())
  return { kind: 'search', base, scope, sizeLimit, typesOnly, filter, attributes }
}

function readControls(list: BerReader): Control[] {
  const controls: Control[] = []
  while (!list.isAtEnd) {
    const control = list.inside(0x30)
    const oid = control.text()
    const isCritical = control.peek() === 0x01 && control.boolean()
    controls.push({ oid, isCritical, value: control.isAtEnd ? null : control.bytes() })
    if (controls.length > mostControls) throw new ProtocolBroken('a message has many controls')
  }
  return controls
}
