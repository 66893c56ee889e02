import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import type { DescribedApi } from '../support/described-answers.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly {
    readonly name: string
    readonly required?: boolean
    readonly example?: unknown
  }[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly example?: unknown }>>
  }
  readonly 'x-codeSamples': readonly { readonly source: string }[]
}
interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const ldif =
  entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501', mobile: '+49 171 3920001' }) +
  entry('bob', 2, { cn: 'Bob', telephoneNumber: '502' })
const urlOf = ({ service }: TestService) => `http://127.0.0.1:${service.web.port}`

async function documentOf(company: TestService): Promise<Document> {
  const headers = { authorization: `Bearer ${company.service.newToken}` }
  const answer = await fetch(`${urlOf(company)}/api/openapi.json`, { headers })
  return (await answer.json()) as Document
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

test('the API describes itself as valid OpenAPI 3.1, every operation in words', async () => {
  await using company = await startTestService({ ldif })
  const document = await documentOf(company)
  const checked = structuredClone(document) as unknown as Record<string, unknown>
  expect(await new Validator().validate(checked)).toMatchObject({ valid: true })
  expect(document.openapi).toBe('3.1.0')
  const operations = operationsOf(document)
  expect(operations.length).toBeGreaterThan(30)
  expect(operations.filter(({ operation }) => !operation.summary)).toEqual([])
})

test('every operation says what it answers, field by field, out of named parts', async () => {
  await using company = await startTestService({ ldif })
  const { paths, components } = (await documentOf(company)) as Document & DescribedApi
  const plain = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) => {
      const done = responses[200] ?? responses[202]
      const [schema] = Object.values(done?.content ?? {}).map((each) => each.schema)
      const isSaid = schema !== undefined && ('$ref' in schema || 'properties' in schema)
      return isSaid ? [] : [`${method} ${path}`]
    }),
  )
  expect(plain).toEqual([])
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/healthz', '/readyz']))
  const named = Object.keys(components.schemas)
  expect(named).toEqual(expect.arrayContaining(['Person', 'Run', 'Plan', 'Health', 'Problem']))
  const text = JSON.stringify(paths) + JSON.stringify(components)
  expect(named.filter((name) => !text.includes(`"#/components/schemas/${name}"`))).toEqual([])
  expect(components.schemas['Run']).toMatchObject({
    properties: {
      startedAt: { type: 'integer', description: 'When it began, in milliseconds since 1970' },
      error: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      problems: { type: 'array', items: { $ref: '#/components/schemas/EntryProblem' } },
    },
  })
})

test('every operation has an example of all that it wants', async () => {
  await using company = await startTestService({ ldif })
  const without = operationsOf(await documentOf(company)).filter(({ operation }) => {
    const { parameters = [], requestBody } = operation
    const body = requestBody?.content['application/json']
    const isMissing = parameters.some(({ required, example }) => required && example === undefined)
    return isMissing || (body !== undefined && body.example === undefined)
  })
  expect(without.map(({ path, method }) => `${method} ${path}`)).toEqual([])
})

test('the page of the API names every operation, runs nothing and loads only its own style', async () => {
  await using company = await startTestService({ ldif })
  const headers = { authorization: `Bearer ${company.service.newToken}` }
  const answer = await fetch(`${urlOf(company)}/api/docs`, { headers })
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self'/)
  const html = await answer.text()
  for (const { path, operation } of operationsOf(await documentOf(company))) {
    expect(html).toContain(`<code>${path}</code>`)
    expect(html).toContain(String(operation.summary).split(/['’"&<>]/)[0])
  }
  expect(html).toContain('all | active | disabled | missing')
  expect(html).toContain('list of administer | help | read')
  expect(html).toContain('integer, 1 to 1000, default 100')
  expect(html).toContain('<code>extensions[].digits</code>')
  expect(html).toContain('When it began, in milliseconds since 1970.')
  const ids = (pattern: RegExp) => new Set(Array.from(html.matchAll(pattern), ([, id]) => id))
  const parts = ids(/ id="(part-\w+)"/g)
  expect(parts.size).toBeGreaterThan(50)
  expect(ids(/href="#(part-\w+)"/g).difference(parts)).toEqual(new Set())
  expect(html).not.toMatch(/<script|<style|style=|\son\w+=/)
  const loaded = Array.from(html.matchAll(/(?:src|href)="([^"#]+)"/g), ([, address]) => address)
  expect(loaded).toEqual(['docs.css', 'openapi.json'])
  expect((await fetch(`${urlOf(company)}/api/docs.css`, { headers })).status).toBe(200)
  expect((await fetch(`${urlOf(company)}/api/docs`)).status).toBe(401)
})
