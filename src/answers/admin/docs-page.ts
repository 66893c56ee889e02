import { Eta } from 'eta'
import type { FastifyInstance } from 'fastify'
import { answered, type AnswerSchema } from './docs-answers.ts'
import { docsStyle } from './docs-style.ts'
import { fieldsTemplate, kindTemplate, pageTemplate } from './docs-template.ts'

/** As much of an OpenAPI document as is shown. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, AnswerSchema>> }
}

interface ApiOperation {
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Described }>>
  }
  readonly responses?: Readonly<Record<string, Answer>>
  readonly 'x-codeSamples'?: readonly { readonly source: string }[]
}

interface Answer {
  readonly description: string
  readonly content?: Readonly<Record<string, { readonly schema: AnswerSchema }>>
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Described
}

interface Described {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly Described[]
  readonly enum?: readonly unknown[]
  readonly items?: Described
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Described>>
}

/** What is sent along with an operation, a line of the table each. */
interface Sent {
  readonly name: string
  readonly where: string
  readonly isRequired: boolean
  readonly kind: string
  readonly text: string
}

/** `GET /docs`: the description of the API for people, whole as it comes from here, without scripts. */
export function mountDocs(app: FastifyInstance, read: () => ApiDocument): void {
  const eta = new Eta({ autoEscape: true })
  eta.loadTemplate('@kind', kindTemplate)
  eta.loadTemplate('@fields', fieldsTemplate)
  const schema = { hide: true }
  app.get('/docs', { schema }, (_request, reply) => {
    const { info, paths, components } = read()
    const parts = Object.entries(components.schemas).map(([name, schema]) => {
      return { name, ...answered(schema) }
    })
    const html = eta.renderString(pageTemplate, { info, groups: groupsOf(paths), parts })
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
  })
  app.get('/docs.css', { schema }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(docsStyle),
  )
}

/** By the word that follows `/api/`; what is outside says how it goes. */
function groupsOf(paths: ApiDocument['paths']) {
  const groups = new Map<string, object[]>()
  for (const [path, methods] of Object.entries(paths)) {
    const name = path.startsWith('/api/') ? (path.split('/')[2] ?? '') : 'health'
    const operations = Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      id: `${method}${path.replaceAll(/[^a-z-]+/g, '-')}`,
      summary: operation.summary,
      description: operation.description,
      sent: sentWith(operation),
      done: doneBy(operation),
      curl: operation['x-codeSamples']?.[0]?.source,
    }))
    groups.set(name, [...(groups.get(name) ?? []), ...operations])
  }
  return Array.from(groups, ([name, operations]) => ({ name, operations })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
}

/** What is answered when all is well. */
function doneBy({ responses = {} }: ApiOperation) {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([status, { description, content = {} }]) => {
      const [type = '', { schema } = { schema: {} }] = Object.entries(content)[0] ?? []
      return { status, description, type, ...answered(schema) }
    })
}

function sentWith({ parameters = [], requestBody }: ApiOperation): readonly Sent[] {
  const body = requestBody?.content['application/json']?.schema
  const fields = Object.entries(body?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'body',
    required: body?.required?.includes(name) ?? false,
    schema,
  }))
  return [...parameters, ...fields].map((each: Parameter) => ({
    name: each.name,
    where: each.in,
    isRequired: each.required ?? false,
    kind: kindOf(each.schema ?? {}),
    // Markdown in the description, plain here.
    text: (each.description ?? each.schema?.description ?? '').replaceAll('`', ''),
  }))
}

function kindOf(described: Described): string {
  const { type = 'any', anyOf, enum: values, items, minimum, maximum, default: usual } = described
  const choices = anyOf?.map(kindOf) ?? values?.map(String)
  const kind = items ? `list of ${kindOf(items)}` : (choices?.join(' | ') ?? type)
  const range =
    minimum === undefined
      ? ''
      : `, ${minimum} ${maximum === undefined ? 'or more' : `to ${maximum}`}`
  const otherwise = usual === undefined || usual === '' ? '' : `, default ${String(usual)}`
  return `${kind}${range}${otherwise}`
}
