import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { schemaText } from '../../src/config/schema-text.ts'

test('peerage.schema.json is that of the options; write it with: npm run schema', () => {
  const kept = readFileSync(new URL('../../peerage.schema.json', import.meta.url), 'utf8')
  expect(kept).toBe(schemaText())
})

test('an editor asks for no option that has a default', () => {
  const schema = JSON.parse(schemaText()) as { required: string[] }
  expect(schema.required).toEqual(['site', 'sources'])
})
