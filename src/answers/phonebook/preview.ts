import { nothingCut, limitsOf, Trimmer, type Cut } from './limits.ts'
import type { ContactNumber } from './contact.ts'
import type { Phonebook } from './phonebook.ts'
import { prefix } from './request.ts'
import type { Vendor } from './vendor.ts'

/** What a phone of a maker shows first, for somebody who sets it up. */
export interface Preview {
  /** Name of the document. */
  readonly form: string
  /** `page`: the phone asks for what somebody searches. */
  readonly kind: 'book' | 'page' | 'screen'
  readonly people: number
  /** The first contacts, as far as the phone has room. */
  readonly contacts: readonly {
    readonly name: string
    readonly numbers: readonly ContactNumber[]
  }[]
  readonly document: Buffer
  /** What of a whole book does not fit. */
  readonly cut: Cut
}

const contactsShown = 20

/** Undefined: there is no such view. */
export async function previewOf(
  phonebook: Phonebook,
  view: string,
  vendor: Vendor,
): Promise<Preview | undefined> {
  const forms = Object.entries(vendor.forms)
  const people = forms.find(([, { kind }]) => kind === 'book') ?? forms.find(isPage) ?? forms[0]
  const snapshot = await phonebook.snapshot(view)
  if (!people || !snapshot) return undefined
  const [name, form] = people
  const book = form.kind === 'book' ? await phonebook.preview(view, vendor) : null
  const url = `${prefix}${vendor.name}/preview/${name}`
  const headers = { host: 'preview' }
  const request = { method: 'GET', url, headers, address: '', isSecure: false }
  const document = book?.book.plain ?? (await phonebook.show(view, request))?.body
  if (!document) return undefined
  const limits = {
    ...limitsOf(vendor.limits, null),
    ...(form.kind === 'screen' ? {} : form.limits),
  }
  const most = form.kind === 'page' ? Math.min(form.size, contactsShown) : contactsShown
  const trimmer = new Trimmer({ ...limits, entries: Math.min(limits.entries ?? most, most) })
  const contacts = Array.from(
    trimmer.contacts(first(snapshot.all(), most), snapshot.size),
    (contact) => ({
      name: trimmer.text(contact.shown, contact.latin),
      numbers: contact.numbers,
    }),
  )
  return {
    form: name,
    kind: form.kind,
    people: snapshot.size,
    contacts,
    document,
    cut: book?.book.cut ?? nothingCut,
  }
}

function isPage([, { kind }]: readonly [string, { readonly kind: string }]): boolean {
  return kind === 'page'
}

function* first<T>(all: Iterable<T>, count: number): Generator<T> {
  let given = 0
  for (const each of all) {
    if (given++ >= count) return
    yield each
  }
}
