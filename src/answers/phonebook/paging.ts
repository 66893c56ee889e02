import type { Contact } from './contact.ts'
import type { Limits } from './limits.ts'
import { cleanTerm, readCount, type Target } from './request.ts'
import type { Found } from './search/found.ts'
import type { Form, Page, PageForm, PageQuestion, Phone } from './vendor.ts'

/** Most phones say `q` (or what their screens were told to say), `offset` and `limit`. */
export function readUsual({ query, numbers }: Target): PageQuestion {
  const term = query.get('q') ?? query.get('term') ?? query.get('search') ?? ''
  return {
    term: cleanTerm(term),
    offset: numbers[0] ?? readCount(query.get('offset')) ?? 0,
    size: numbers[1] ?? readCount(query.get('limit')),
  }
}

/** The contacts from the offset on, and the ways to the pages around. */
export function pageOf(
  { term, offset }: PageQuestion,
  size: number,
  found: Found,
  { query }: Target,
  linkTo: (offset: number) => string,
): Omit<Page, 'total'> {
  const contacts = found.page(offset, size)
  const end = offset + contacts.length
  return {
    term,
    contacts,
    offset,
    size,
    query,
    next: contacts.length > 0 && found.hasMoreThan(end) ? linkTo(end) : null,
    previous: offset > 0 ? linkTo(Math.max(0, offset - size)) : null,
  }
}

/** Offset and size stand in the path, so that no link needs an `&`, which some phones cannot read. */
export function link(
  { phone, formName }: { readonly phone: Pick<Phone, 'url'>; readonly formName: string },
  { term, size }: PageQuestion,
  offset: number,
  form: PageForm,
): string {
  const part = size === null || size === form.size ? `${offset}` : `${offset}/${size}`
  return phone.url(`${formName}/${part}`, term === '' ? undefined : `q=${encodeURIComponent(term)}`)
}

/** A single contact must not have more numbers than a page has lines. */
export function rowLimit(form: Form): Limits {
  return form.kind === 'page' && form.mostRows !== undefined ? { numbers: form.mostRows } : {}
}

/** How many of them have no more numbers than there are lines; one at least. */
export function fittingRows(
  contacts: readonly Contact[],
  mostRows = Number.POSITIVE_INFINITY,
): number {
  let rows = 0
  const tooFar = contacts.findIndex(({ numbers }) => (rows += numbers.length) > mostRows)
  return tooFar === -1 ? contacts.length : Math.max(1, tooFar)
}
