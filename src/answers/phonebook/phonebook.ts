import { LRUCache } from 'lru-cache'
import type { Logger } from '../../logger.ts'
import type { People } from '../../people/people.ts'
import type { Site } from '../../person/site.ts'
import type { PhoneToken, PhoneTokens } from '../../state/phone-tokens.ts'
import { Gatekeeper } from './access.ts'
import { Books, type Book } from './books.ts'
import type { Contact } from './contact.ts'
import { label } from './labels.ts'
import { limitsOf, tightest, Trimmer, type Limits } from './limits.ts'
import type { PhonebookConfig } from './options.ts'
import { fittingRows, link, pageOf, readUsual, rowLimit } from './paging.ts'
import { prefix, readTarget, type PhoneAnswer, type PhoneRequest, type Target } from './request.ts'
import { ContactIndex } from './search/contact-index.ts'
import { Found } from './search/found.ts'
import { needles } from './search/haystack.ts'
import type { Snapshot } from './search/snapshot.ts'
import { inOneLine } from '../../turns.ts'
import { readUserAgent } from './user-agent.ts'
import { compileView, type View } from './view.ts'
import {
  xmlType,
  type BookForm,
  type Form,
  type Page,
  type PageForm,
  type PageQuestion,
  type Phone,
  type PhoneUrls,
  type Vendor,
} from './vendor.ts'
import { findVendor } from './vendors.ts'
import { acceptsGzip, document, empty, originOf } from './wire.ts'

export interface PhonebookDeps {
  readonly people: People
  readonly site: Site
  readonly tokens: PhoneTokens
  readonly log: Logger
  readonly now: () => number
}

/** Who asks and in which of his views and dialects. */
interface Asked {
  readonly view: View
  readonly who: string
  readonly vendor: Vendor
  readonly formName: string
  readonly form: Form
  readonly phone: Omit<Phone, 'text'>
  readonly limitsAt: number
}

/** Milliseconds in which somebody who turns pages goes on in the list that he began. */
const patience = 300_000

/**
 * The company's directory as desk phones read it: finds out who asks, in which maker's dialect, and
 * answers from memory with a whole book, a page of what was searched for, or a screen to type in.
 * It answers every phone that may ask with a valid document, and never with an error.
 */
export class Phonebook implements Disposable {
  readonly #deps: PhonebookDeps
  readonly #config: PhonebookConfig
  readonly #views: ReadonlyMap<string, View>
  readonly #indexes = new Map<string, ContactIndex>()
  /** Who may read what. */
  readonly gate: Gatekeeper
  /** One line for all long work: many at once must not add up to a long wait for a call. */
  readonly turn = inOneLine()
  readonly #books: Books
  readonly #lists: LRUCache<string, Found>

  constructor(config: PhonebookConfig, deps: PhonebookDeps) {
    this.#deps = deps
    this.#config = config
    this.#views = new Map(
      Object.entries(config.views).map(([name, options]) => [
        name,
        compileView(name, options, deps.site),
      ]),
    )
    const { networks, requestsPerMinute = 600, cacheMegabytes = 128 } = config.phonebook
    const { tokens, now } = deps
    this.gate = new Gatekeeper({ tokens, views: this.#views, networks, requestsPerMinute, now })
    this.#books = new Books(cacheMegabytes, this.turn)
    this.#lists = new LRUCache({ max: 5000, ttl: patience, perf: { now } })
  }

  get viewNames(): readonly string[] {
    return [...this.#views.keys()]
  }

  async answer(request: PhoneRequest): Promise<PhoneAnswer> {
    await this.turn()
    const target = readTarget(request.url)
    const access = this.gate.admit(request, target.place)
    if ('status' in access) return empty(access.status, access.headers)
    const vendor = findVendor(target.vendor)
    if (!vendor) return empty(404)
    const { view, phone, who } = access
    if (phone) this.#noteUse(phone, request.address, agentOf(request))
    return this.#answerIn(view, who, vendor, request, target)
  }

  /** What a phone that reads this view would be answered; undefined: there is no such view or maker. */
  async show(view: string, request: PhoneRequest): Promise<PhoneAnswer | undefined> {
    const target = readTarget(request.url)
    const known = this.#views.get(view)
    const vendor = findVendor(target.vendor)
    return known && vendor && this.#answerIn(known, 'preview', vendor, request, target)
  }

  /** Everybody whom a view shows, now. Undefined: there is no such view. */
  async snapshot(view: string): Promise<Snapshot | undefined> {
    const known = this.#views.get(view)
    return known && this.#indexOf(known).snapshot()
  }

  /** How a view shows somebody; null: not at all. */
  contact(view: string, person: string): Contact | null {
    const known = this.#views.get(view)
    return known ? this.#indexOf(known).contact(person) : null
  }

  /** What a maker's whole book of a view would be; null: he has none. For administrators. */
  async preview(view: string, vendor: Vendor): Promise<{ name: string; book: Book } | null> {
    const known = this.#views.get(view)
    const found = Object.entries(vendor.forms).find(([, form]) => form.kind === 'book')
    if (!known || found?.[1].kind !== 'book') return null
    const [name, form] = found
    const limits = limitsOf(vendor.limits, null)
    const snapshot = await this.#indexOf(known).snapshot()
    const phone = this.#phone(known, vendor, form, 'preview', 'http://preview', limits)
    return {
      name,
      book: await this.#books.get(`${view} ${vendor.name} preview`, form, phone, snapshot),
    }
  }

  /** The addresses of a phone; `origin` is used when the configuration says none. */
  urls(vendor: Vendor, place: string, origin: string): PhoneUrls {
    const base = `${this.#config.phonebook.url?.replace(/\/+$/, '') ?? origin}${prefix}${vendor.name}/${place}`
    return { base, of: (form, query) => `${base}/${form}${query === undefined ? '' : `?${query}`}` }
  }

  [Symbol.dispose](): void {
    for (const index of this.#indexes.values()) index[Symbol.dispose]()
  }

  async #answerIn(
    view: View,
    who: string,
    vendor: Vendor,
    request: PhoneRequest,
    target: Target,
  ): Promise<PhoneAnswer> {
    const asked = this.#read(request, target, vendor, view, who)
    const { form } = asked
    switch (form.kind) {
      case 'screen':
        return document(form.type, form.render(this.#texts(asked)))
      case 'page':
        return this.#page(form, asked, target)
      case 'book':
        return this.#book(form, asked, request)
    }
  }

  #read(
    request: PhoneRequest,
    { names, place }: Target,
    vendor: Vendor,
    view: View,
    who: string,
  ): Asked {
    const [first = ''] = Object.keys(vendor.forms)
    const formName = names.find((name) => Object.hasOwn(vendor.forms, name)) ?? first
    const form = vendor.forms[formName] as Form // the name is one of them
    // Cisco's enterprise phones say their model in a header of their own.
    const named = request.headers['x-ciscoipphonemodelname']
    const model =
      typeof named === 'string' ? named : (readUserAgent(agentOf(request))?.model ?? null)
    const limits = limitsOf(vendor.limits, model)
    const limitsAt = vendor.limits.indexOf(limits)
    const phone = this.#phone(view, vendor, form, place, originOf(request), limits)
    return { view, who, vendor, formName, form, phone, limitsAt }
  }

  #phone(
    view: View,
    vendor: Vendor,
    form: Form,
    place: string,
    origin: string,
    common: Limits,
  ): Omit<Phone, 'text'> {
    const { language } = view
    const { of } = this.urls(vendor, place, origin)
    const own = form.kind === 'screen' ? {} : form.limits
    const limits = tightest(common, rowLimit(form), own ?? {})
    return { language, label: (word) => label(word, language), url: of, limits }
  }

  #texts({ phone }: Asked): Phone {
    const trimmer = new Trimmer(phone.limits)
    return { ...phone, text: (value, latin) => trimmer.text(value, latin) }
  }

  async #book(form: BookForm, asked: Asked, { headers }: PhoneRequest): Promise<PhoneAnswer> {
    const { view, vendor, formName, limitsAt, phone } = asked
    const key = `${view.name} ${vendor.name} ${formName} ${limitsAt}`
    const snapshot = await this.#indexOf(view).snapshot()
    const { plain, zipped, etag } = await this.#books.get(key, form, phone, snapshot)
    const common = { etag, 'cache-control': 'private, no-cache', vary: 'accept-encoding' }
    const known = String(headers['if-none-match'] ?? '').split(/\s*,\s*/)
    if (known.some((each) => each === '*' || each.replace(/^W\//, '') === etag)) {
      return { status: 304, headers: common, body: Buffer.alloc(0) }
    }
    const type = { ...common, 'content-type': form.type ?? xmlType }
    if (!acceptsGzip(headers['accept-encoding'])) return { status: 200, headers: type, body: plain }
    const zippedType = { ...type, 'content-encoding': 'gzip' }
    return { status: 200, headers: zippedType, body: await zipped() }
  }

  async #page(form: PageForm, asked: Asked, target: Target): Promise<PhoneAnswer> {
    const question = form.read?.(target) ?? readUsual(target)
    // A dialect with errors of its own has said one.
    if (typeof question === 'string') return document(form.type, question)
    const snapshot = await this.#indexOf(asked.view).snapshot()
    const phone = this.#texts(asked)
    const trimmer = new Trimmer(phone.limits)
    const { bytes: own = Number.POSITIVE_INFINITY } = question
    const bytes = Math.min(phone.limits.bytes ?? own, own)
    const found = this.#found(asked, question, snapshot)
    let size = Math.min(question.size || form.size, form.size)
    await found.reach(
      form.counts ? Number.POSITIVE_INFINITY : question.offset + size + 1,
      this.turn,
    )
    for (;;) {
      const part = pageOf(question, size, found, target, (at) => link(asked, question, at, form))
      const contacts = [...trimmer.contacts(part.contacts, part.contacts.length)]
      const fitting = fittingRows(contacts, form.mostRows)
      if (fitting < contacts.length) {
        size = fitting
        continue
      }
      const shown: Page = {
        ...part,
        contacts,
        get total() {
          return found.total
        },
      }
      const text = form.render(shown, phone)
      if (Buffer.byteLength(text) <= bytes || size <= 1) {
        return document(form.type, text, form.headers?.(shown, phone))
      }
      size = Math.max(1, Math.floor(size * 0.75))
    }
  }

  /** The list that this phone began to read, or a new one. */
  #found(asked: Asked, { term, offset }: PageQuestion, snapshot: Snapshot): Found {
    const key = `${asked.who} ${asked.view.name} ${term}`
    const begun = offset === 0 ? undefined : this.#lists.get(key)
    if (begun) return begun
    const found = new Found(snapshot, needles(term))
    this.#lists.set(key, found)
    return found
  }

  #indexOf(view: View): ContactIndex {
    let index = this.#indexes.get(view.name)
    if (!index)
      this.#indexes.set(view.name, (index = new ContactIndex(this.#deps.people, view, this.turn)))
    return index
  }

  #noteUse({ id }: PhoneToken, address: string, agent: string): void {
    const model = readUserAgent(agent)
    const by = model
      ? `${model.model} ${model.version ?? ''}`.trim()
      : agent.replaceAll(/[^ -~]/g, '?')
    this.#deps.tokens.noteUse(id, address, by.slice(0, 80))
  }
}

function agentOf({ headers }: PhoneRequest): string {
  return String(headers['user-agent'] ?? '')
}
