import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { isLoopback } from '../../loopback.ts'
import { followsText } from '../../state/lease.ts'
import { deviceName, makePhone, type NewPhone } from '../admin/phones.ts'
import { isAtLeast } from '../auth/subject.ts'
import { previewOf } from '../phonebook/preview.ts'
import { findVendor, vendors } from '../phonebook/vendors.ts'
import { visitorOf } from './guard.ts'
import { originFor } from './origin.ts'
import type { PageDeps } from './page-deps.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const rowsOnPage = 50
/** Characters of a document that are shown; nobody reads a megabyte here. */
const documentShown = 20_000

const listed = {
  querystring: Type.Object({ page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }) }),
}
const text = Type.String({ maxLength: 200 })
const wanted = { body: Type.Object({ vendor: text, view: text, device: text }) }
const byId = { params: Type.Object({ id: Type.Integer({ minimum: 1 }) }) }
const previewed = {
  querystring: Type.Object({
    vendor: Type.String({ maxLength: 40 }),
    view: Type.String({ maxLength: 40 }),
  }),
}

/** `/phones`: desk phones that read the phone book, and what they show. */
export function mountPhonesPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { phonebook, phones, lease } = deps

  app.get('/phones', { schema: listed }, (request: Listed, reply) =>
    show(request, reply, request.query.page, {}),
  )

  app.post('/phones', { schema: wanted }, async (request: Wanted, reply) => {
    const refused = refusalOf(request)
    if (refused) return show(request, reply.code(refused.status), 1, refused)
    const origin = originFor(request, deps.visitors)
    const isNamed = deviceName.test(request.body.device)
    const made = isNamed ? await makePhone({ ...request.body, origin }, deps) : undefined
    if (!made)
      return show(request, reply.code(400), 1, { problem: words[languageOf(request)].phoneNoView })
    return show(request, reply, 1, { made })
  })

  app.post('/phones/:id/revoke', { schema: byId }, async (request: ById, reply) => {
    const refused = refusalOf(request)
    if (refused) return show(request, reply.code(refused.status), 1, refused)
    await phones.revoke(request.params.id)
    return reply.redirect('/phones', 303)
  })

  app.get('/phones/preview', { schema: previewed }, async (request: Previewed, reply) => {
    const { view } = request.query
    const vendor = findVendor(request.query.vendor)
    const preview = vendor && (await previewOf(phonebook, view, vendor))
    const language = languageOf(request)
    if (!preview) return show(request, reply.code(404), 1, { problem: words[language].phoneNoView })
    const { document, ...shown } = preview
    return views.send(request, reply, visitorOf(request), 'phone-preview', {
      title: 'phonePreview',
      active: 'deskPhones',
      ...shown,
      vendor,
      view,
      bytes: document.length,
      text: document.toString('utf8', 0, documentShown),
      isCut: document.length > documentShown,
    })
  })

  /** Null: he may, and here is where. */
  function refusalOf(request: FastifyRequest) {
    if (!isAtLeast(visitorOf(request).subject.role, 'administrator')) {
      return { status: 403, problem: words[languageOf(request)].notAllowed }
    }
    return lease.isHeld ? null : { status: 409, problem: followsText(lease.holder), isReport: true }
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    page: number,
    { made, problem, isReport = false }: Shown,
  ) {
    const all = phones.list()
    const pages = Math.max(1, Math.ceil(all.length / rowsOnPage))
    const from = (Math.min(page, pages) - 1) * rowsOnPage
    return views.send(request, reply, visitorOf(request), 'phones', {
      title: 'deskPhones',
      active: 'deskPhones',
      vendors,
      views: phonebook.viewNames,
      made: made && {
        ...made,
        forms: Object.entries(made.forms),
        isReachable: !isLoopback(new URL(made.url).hostname),
      },
      problem: problem ?? null,
      isReport,
      page: Math.min(page, pages),
      pages,
      // The newest first: that one is looked for.
      rows: all
        .toReversed()
        .slice(from, from + rowsOnPage)
        .map((phone) => ({ ...phone, maker: findVendor(phone.vendor)?.title ?? phone.vendor })),
    })
  }
}

/** Beside the list; `isReport`: the problem is in the words of the service. */
interface Shown {
  readonly made?: NewPhone
  readonly problem?: string
  readonly isReport?: boolean
}

type Listed = FastifyRequest<{ Querystring: { page: number } }>
type Wanted = FastifyRequest<{ Body: { vendor: string; view: string; device: string } }>
type ById = FastifyRequest<{ Params: { id: number } }>
type Previewed = FastifyRequest<{ Querystring: { vendor: string; view: string } }>
