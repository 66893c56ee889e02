import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import type { PhoneTokens } from '../../state/phone-tokens.ts'
import type { Phonebook } from '../phonebook/phonebook.ts'
import { Found } from '../phonebook/search/found.ts'
import { needles } from '../phonebook/search/haystack.ts'
import { findVendor, vendors } from '../phonebook/vendors.ts'
import { pageOf, pageQuery, placeAfter, type PageQuery } from './paging.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface PhoneDeps {
  readonly phonebook: Phonebook
  readonly phones: PhoneTokens
}

/** What `POST /api/phones` answers: shown once. */
export interface NewPhone {
  readonly id: number
  readonly token: string
  /** The address without the form at its end. */
  readonly url: string
  /** Every document, by the name at the end of its address. */
  readonly forms: Readonly<Record<string, string>>
  /** What to enter at the phone, a line each. */
  readonly parameters: readonly string[]
}

/** What an administrator may call a phone. */
export const deviceName = /^[\w.:@+-]{1,64}$/

const newPhoneBody = Type.Object({
  vendor: Type.String({ maxLength: 40 }),
  view: Type.String({ maxLength: 40 }),
  device: Type.String({ pattern: deviceName.source }),
  origin: Type.String({ pattern: '^https?://[^/\\s]+$' }),
})
const listQuery = Type.Object(pageQuery(500, 1000))
const phoneParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const viewParams = Type.Object({ name: Type.String() })
const previewQuery = Type.Object({
  vendor: Type.Optional(Type.String()),
  q: Type.String({ default: '', maxLength: 100 }),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
})

/** Which phone is to read which view, and where it reaches us unless the configuration says. */
export type PhoneWanted = Static<typeof newPhoneBody>

/** `/api/phones`: who may read the phone book. `/api/views`: what they see. */
export function mountPhones(app: FastifyInstance, { phonebook, phones }: PhoneDeps): void {
  app.get('/phones', { schema: { querystring: listQuery } }, async ({ query }: ListRequest) => {
    const [last = 0] = placeAfter(query, 'number') ?? []
    const rest = phones.list().filter(({ id }) => id > last)
    const { rows, next } = pageOf(rest, query, ({ id }) => [id])
    return { phones: rows, next } satisfies AnswerTo<'GET /api/phones'>
  })

  app.post('/phones', { schema: { body: newPhoneBody } }, async (request: NewRequest, reply) => {
    const { vendor, view } = request.body
    const made = await makePhone(request.body, { phonebook, phones })
    if (made) return reply.header('cache-control', 'no-store').send(made)
    if (findVendor(vendor)) return reply.code(404).send(noView(view, phonebook))
    const known = vendors.map(({ name }) => name).join(', ')
    const error = `there is no vendor '${vendor}'; known are ${known}`
    return reply.code(404).send({ error })
  })

  app.post(
    '/phones/:id/revoke',
    { schema: { params: phoneParams } },
    async (request: PhoneRequest, reply) => {
      const { id } = request.params
      if (!(await phones.revoke(id))) {
        return reply.code(404).send({ error: `there is no phone ${id}` })
      }
      return { revoked: id } satisfies AnswerTo<'POST /api/phones/{id}/revoke'>
    },
  )

  app.get('/views', async () => {
    const views = phonebook.viewNames.map(async (name) => ({
      name,
      people: (await phonebook.snapshot(name))?.size ?? 0,
    }))
    return { views: await Promise.all(views) } satisfies AnswerTo<'GET /api/views'>
  })

  app.get(
    '/views/:name/preview',
    { schema: { params: viewParams, querystring: previewQuery } },
    async (request: PreviewRequest, reply) => {
      const { name } = request.params
      const { q, limit } = request.query
      const snapshot = await phonebook.snapshot(name)
      if (!snapshot) return reply.code(404).send(noView(name, phonebook))
      const found = new Found(snapshot, needles(q))
      await found.reach(Number.POSITIVE_INFINITY, phonebook.turn)
      const vendor = request.query.vendor === undefined ? null : findVendor(request.query.vendor)
      const whole = vendor ? await phonebook.preview(name, vendor) : null
      const answer: AnswerTo<'GET /api/views/{name}/preview'> = {
        view: name,
        people: snapshot.size,
        found: found.total,
        contacts: found.page(0, limit),
        ...(whole && {
          book: { form: whole.name, bytes: whole.book.plain.length, cut: whole.book.cut },
        }),
      }
      return reply.header('cache-control', 'no-store').send(answer)
    },
  )
}

/** Undefined: there is no such maker or view. */
export async function makePhone(
  { vendor: name, view, device, origin }: PhoneWanted,
  { phonebook, phones }: PhoneDeps,
): Promise<NewPhone | undefined> {
  const vendor = findVendor(name)
  if (!vendor || !phonebook.viewNames.includes(view)) return undefined
  const { id, token } = await phones.make({ vendor: vendor.name, view, device })
  const urls = phonebook.urls(vendor, token, origin)
  const forms = Object.keys(vendor.forms).map((form) => [form, urls.of(form)])
  return {
    id,
    token,
    url: urls.base,
    forms: Object.fromEntries(forms),
    parameters: vendor.provision(urls),
  }
}

function noView(name: string, { viewNames }: Phonebook): { error: string } {
  return { error: `there is no view '${name}'; known are ${viewNames.join(', ')}` }
}

type ListRequest = FastifyRequest<{ Querystring: PageQuery }>
type NewRequest = FastifyRequest<{ Body: PhoneWanted }>
type PhoneRequest = FastifyRequest<{ Params: Static<typeof phoneParams> }>
type PreviewRequest = FastifyRequest<{
  Params: Static<typeof viewParams>
  Querystring: Static<typeof previewQuery>
}>
