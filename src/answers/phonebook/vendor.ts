import type { Contact } from './contact.ts'
import type { Language, Word } from './labels.ts'
import type { Limits } from './limits.ts'

/** A maker's dialect: the documents that his phones ask for, by the file name in the address. */
export interface Vendor {
  /** In the address, and on the command line. */
  readonly name: string
  /** As the maker writes himself. */
  readonly title: string
  /** The first one answers to whatever name is not among them. */
  readonly forms: Readonly<Record<string, Form>>
  /** What applies to every form; the first whose model fits counts. */
  readonly limits: readonly Limits[]
  /** What an administrator enters: the provisioning parameters, or where to click. */
  readonly provision: (urls: PhoneUrls) => readonly string[]
}

export const xmlType = 'text/xml; charset=utf-8'

/**
 * `book`: everybody in one document. `page`: some of whoever was searched for. `screen`: a document
 * without people, to choose or to type in.
 */
export type Form = BookForm | PageForm | ScreenForm

export interface BookForm {
  readonly kind: 'book'
  /** Default: text/xml in UTF-8. */
  readonly type?: string
  /** Called for everybody whom the limits leave; yields the document in pieces. */
  readonly render: (contacts: Iterable<Contact>, phone: Phone) => Iterable<string>
  /** Beside or instead of the vendor's. */
  readonly limits?: Limits
}

export interface PageForm {
  readonly kind: 'page'
  readonly type?: string
  /** Contacts on a page, unless the phone asks for fewer; never more. */
  readonly size: number
  /** The document says how many were found. */
  readonly counts?: true
  /** Numbers on a page, where each is a line of its own. */
  readonly mostRows?: number
  /** Beside or instead of the vendor's. */
  readonly limits?: Limits
  /** Where the request says it in another way than `q`, `offset` and `limit`. */
  readonly read?: (question: Question) => PageQuestion | string
  /** Headers beside the usual ones. */
  readonly headers?: (page: Page, phone: Phone) => Readonly<Record<string, string>>
  readonly render: (page: Page, phone: Phone) => string
}

export interface ScreenForm {
  readonly kind: 'screen'
  readonly type?: string
  readonly render: (phone: Phone) => string
}

/** A phone that asks, as far as a document depends on it. */
export interface Phone {
  readonly language: Language
  /** `label('mobile')` in the phone's language. */
  readonly label: (word: Word) => string
  /** The full address of another form for the same phone; never holds `&`. */
  readonly url: (form: string, query?: string) => string
  /** What is on one of its lines, by the phone's limits. */
  readonly limits: Limits
  /** A text as this phone can show it: shortened, cleaned, in its characters. */
  readonly text: (text: string, latin?: string | null) => string
}

/** The query as it was sent: texts decoded, whatever they hold. */
export interface Question {
  readonly query: ReadonlyMap<string, string>
}

export interface PageQuestion {
  readonly term: string
  readonly offset: number
  readonly size: number | null
  /** The longest answer that the phone takes, if it said so. */
  readonly bytes?: number
}

/** A part of what was found. */
export interface Page {
  readonly term: string
  readonly contacts: readonly Contact[]
  /** Of the first contact on the page, from 0. */
  readonly offset: number
  readonly size: number
  /** How many were found; costs a look at all of them. */
  readonly total: number
  readonly query: ReadonlyMap<string, string>
  /** Full addresses; null where there is nothing more. */
  readonly next: string | null
  readonly previous: string | null
}

export interface PhoneUrls {
  /** `https://host/pb/maker/TOKEN`, without a slash at the end. */
  readonly base: string
  readonly of: (form: string, query?: string) => string
}
