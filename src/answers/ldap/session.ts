import { BerWriter } from '../../ldap-wire/ber-writer.ts'
import type { Site } from '../../person/site.ts'
import type { PhoneTokens } from '../../state/phone-tokens.ts'
import type { Contact } from '../phonebook/contact.ts'
import type { Phonebook } from '../phonebook/phonebook.ts'
import type { View } from '../phonebook/view.ts'
import { pagingReply, readControls, sortReply, type SearchControls } from './controls.ts'
import { rootEntry, schemaEntry, topEntry, viewEntry } from './entries.ts'
import type { EntryStore } from './entry-store.ts'
import { whoAmIId } from './extensions.ts'
import {
  answers,
  codes,
  encodeEntry,
  encodeExtended,
  encodeResult,
  type Entry,
  type Outcome,
  type ReplyControls,
} from './reply.ts'
import type { BindRequest, Control, Message, SearchRequest } from './request.ts'
import { findContacts } from './search.ts'
import type { Place, Tree } from './tree.ts'

export interface SessionDeps {
  readonly phonebook: Phonebook
  readonly tokens: PhoneTokens
  readonly site: Site
  readonly tree: Tree
  readonly entries: EntryStore
  /** Most entries of one search, or of one page. */
  readonly sizeLimit: number
}

/** A search that goes on with the next page. */
interface Paged {
  readonly contacts: Iterator<Contact | null, undefined>
  readonly view: View
  /** Looked at already, and not sent yet. */
  next: Contact | undefined
}

/** Bytes of entries that go out together. */
const enough = 8192
/** Paged searches that a connection may have open. */
const mostPaged = 4

/**
 * What one connection asked so far: who it is, and which searches it began. Answers each message
 * with the bytes of its replies; it never throws for what a phone could do about it.
 */
export class Session {
  readonly #deps: SessionDeps
  readonly #address: string
  readonly #hasTls: boolean
  #token: string | null = null
  readonly #paged = new Map<string, Paged>()
  #lastCookie = 0

  constructor(deps: SessionDeps, address: string, hasTls: boolean) {
    this.#deps = deps
    this.#address = address
    this.#hasTls = hasTls
  }

  async *answer({ id, request, controls }: Message): AsyncGenerator<Buffer> {
    switch (request.kind) {
      case 'bind':
        yield encodeResult(id, answers.bind, this.#bind(request))
        break
      case 'search':
        yield* this.#search(id, request, controls)
        break
      case 'extended':
        yield this.#extended(id, request.name)
        break
      case 'other':
        yield encodeResult(id, request.answer, readOnly)
        break
      case 'abandon':
      case 'unbind':
        break
    }
  }

  /** The name is for people to look at: the token alone says which phone it is. */
  #bind({ version, password }: BindRequest): Outcome {
    this.#token = null
    this.#paged.clear()
    if (version !== 3) return { code: codes.protocolError, words: 'LDAP version 3 is wanted' }
    if (password === null) {
      return { code: codes.authMethodNotSupported, words: 'a simple bind is wanted' }
    }
    const { phonebook, tokens } = this.#deps
    const token = password === '' ? null : password
    const access = phonebook.gate.admitTo(null, token, this.#address)
    if ('view' in access) {
      this.#token = token
      if (access.phone) tokens.noteUse(access.phone.id, this.#address, 'LDAP')
      return { code: codes.success }
    }
    if (access.status === 429) return { code: codes.busy, words: 'too many requests' }
    return token === null
      ? { code: codes.inappropriateAuthentication, words: 'the token of a phone is wanted' }
      : { code: codes.invalidCredentials, words: 'the password is no token of a phone' }
  }

  #extended(id: number, name: string): Buffer {
    if (name !== whoAmIId) {
      return encodeExtended(id, { code: codes.protocolError, words: 'no such operation' })
    }
    const phone = this.#token === null ? undefined : this.#deps.tokens.check(this.#token)
    return encodeExtended(id, { code: codes.success }, undefined, phone ? `u:${phone.device}` : '')
  }

  async *#search(
    id: number,
    request: SearchRequest,
    raw: readonly Control[],
  ): AsyncGenerator<Buffer> {
    const controls = readControls(raw)
    const { tree, phonebook } = this.#deps
    const done = (outcome: Outcome, reply?: ReplyControls) =>
      encodeResult(id, answers.search, outcome, reply)
    if (!controls) {
      return yield done({
        code: codes.unavailableCriticalExtension,
        words: 'a critical control is not known',
      })
    }
    if (request.filter === null) {
      return yield done({ code: codes.adminLimitExceeded, words: 'the filter is too long' })
    }
    const found = tree.find(request.base)
    if (!found) return yield done(nowhere(tree))
    const fixed = this.#fixed(found, request)
    if (fixed) {
      yield encodeEntry(id, fixed)
      return yield done({ code: codes.success })
    }
    // A phone without a base means everything.
    const place: Place = found.kind === 'root' ? { kind: 'top' } : found
    if (place.kind === 'schema') return yield done({ code: codes.success })
    const named = place.kind === 'top' ? null : place.view
    const access = phonebook.gate.admitTo(named, this.#token, this.#address)
    if (!('view' in access)) return yield done(refusal(access.status, this.#token !== null, tree))
    yield* this.#people(id, request, controls, place, access.view, done)
  }

  /** Entries that are not people; null: people are meant. */
  #fixed(place: Place, { scope, attributes }: SearchRequest): Entry | null {
    if (scope !== 'base') return null
    if (place.kind === 'root') return rootEntry(this.#deps.tree, this.#hasTls, attributes)
    return place.kind === 'schema' ? schemaEntry(attributes) : null
  }

  async *#people(
    id: number,
    request: SearchRequest,
    controls: SearchControls,
    place: Place,
    view: View,
    done: (outcome: Outcome, reply?: ReplyControls) => Buffer,
  ): AsyncGenerator<Buffer> {
    const { tree, entries, sizeLimit, phonebook, site } = this.#deps
    const { turn } = phonebook
    const { paging, sort } = controls
    const { scope, attributes } = request
    if (asksForContainers(request)) {
      if (place.kind === 'top' && scope === 'base')
        yield encodeEntry(id, topEntry(tree, attributes))
      if (place.kind === 'view' && scope === 'base')
        yield encodeEntry(id, viewEntry(tree, view.name, attributes))
      if (place.kind === 'top' && scope === 'one')
        yield encodeEntry(id, viewEntry(tree, view.name, attributes))
    }
    const begun = paging && paging.cookie !== '' ? this.#paged.get(paging.cookie) : undefined
    if (paging && paging.cookie !== '') {
      this.#paged.delete(paging.cookie)
      if (!begun || begun.view !== view) {
        return yield done({
          code: codes.unwillingToPerform,
          words: 'the list is not known any more',
        })
      }
    }
    const replies: ReplyControls[number][] = []
    let list = begun
    if (!list) {
      const snapshot = await phonebook.snapshot(view.name)
      if (!snapshot) return yield done(nowhere(tree))
      const { contacts, sortCode } = await findContacts(
        request,
        place,
        sort,
        view,
        snapshot,
        site,
        turn,
      )
      if (sort) replies.push(sortReply(sortCode))
      list = { contacts, view, next: undefined }
      list.next = await this.#next(list)
    }
    const asked = request.sizeLimit > 0 ? Math.min(request.sizeLimit, sizeLimit) : sizeLimit
    const most = paging ? Math.min(paging.size, sizeLimit) : asked
    const write = entries.for(request, view.name)
    let writer = new BerWriter(enough)
    for (let sent = 0; sent < most && list.next; sent++) {
      write(writer, id, list.next)
      if (writer.length > enough) {
        yield writer.finish()
        writer = new BerWriter(enough)
      }
      const pause = turn()
      if (pause) await pause
      const { value } = list.contacts.next()
      list.next = value === null ? await this.#next(list) : value
    }
    yield writer.finish()
    if (paging) {
      // A page of none gives the list up (RFC 2696, 3).
      const cookie = list.next && paging.size > 0 ? this.#keep(list) : ''
      return yield done({ code: codes.success }, [...replies, pagingReply(cookie)])
    }
    const code = list.next ? codes.sizeLimitExceeded : codes.success
    yield done({ code }, replies)
  }

  async #next({ contacts }: Paged): Promise<Contact | undefined> {
    for (;;) {
      const { value } = contacts.next()
      if (value !== null) return value
      await this.#deps.phonebook.turn()
    }
  }

  #keep(list: Paged): string {
    const cookie = String(++this.#lastCookie)
    this.#paged.set(cookie, list)
    const [oldest] = this.#paged.keys()
    if (this.#paged.size > mostPaged && oldest !== undefined) this.#paged.delete(oldest)
    return cookie
  }
}

const readOnly: Outcome = { code: codes.unwillingToPerform, words: 'this directory is only read' }

function nowhere({ top }: Tree): Outcome {
  return { code: codes.noSuchObject, words: `the base is ${top}, or ou=VIEW,${top}` }
}

function refusal(status: number, hasToken: boolean, tree: Tree): Outcome {
  if (status === 429) return { code: codes.busy, words: 'too many requests' }
  if (status === 403 && hasToken) return nowhere(tree)
  return { code: codes.insufficientAccessRights, words: 'the token of a phone is wanted' }
}

/** Only who browses asks so; a phone must not be shown an entry without a name. */
function asksForContainers({ filter }: SearchRequest): boolean {
  return filter?.kind === 'present' && filter.attribute.toLowerCase() === 'objectclass'
}
