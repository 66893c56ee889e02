import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>
}

test('the API describes itself as valid OpenAPI 3.1, every operation in words', async () => {
  await using company = await startTestService({ ldif: entry('ada', 1, {}) })
  const answer = await fetch(`http://127.0.0.1:${company.service.web.port}/api/openapi.json`, {
    headers: { authorization: `Bearer ${company.service.newToken}` },
  })
  const document = (await answer.json()) as Document & Record<string, unknown>
  expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true })
  expect(document.openapi).toBe('3.1.0')
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => ({ path, method, summary })),
  )
  expect(operations.length).toBeGreaterThan(20)
  expect(operations.filter(({ summary }) => !summary)).toEqual([])
})
