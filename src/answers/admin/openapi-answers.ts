import { answers } from './schemas/answers.ts'
import { health, readiness } from './schemas/health.ts'
import { problem } from './schemas/problem.ts'

type Schema = Readonly<Record<string, unknown>>

/** What is done a little later than it is answered. */
const accepted: ReadonlySet<string> = new Set([
  'POST /api/calls',
  'POST /api/me/calls',
  'PUT /api/sources/{name}',
  'DELETE /api/sources/{name}',
])

/** One JSON text a line: the schema is that of a line. */
const byLines: ReadonlySet<string> = new Set(['GET /api/snapshot'])

/** By their names, for `components.schemas`. */
export const components: Readonly<Record<string, Schema>> = collect([
  ...Object.values(answers),
  health,
  readiness,
  problem,
])

/** What an operation answers when all is well, as its `responses` have it. */
export function answerOf(operation: string): Readonly<Record<number, object>> {
  const schema = (answers as Readonly<Record<string, object>>)[operation]
  if (!schema) return { 200: { description: 'Done' } } // a test finds it; the others are described
  const isByLines = byLines.has(operation)
  const type = isByLines ? 'application/x-ndjson' : 'application/json'
  const content = { [type]: { schema: refer(schema) } }
  if (accepted.has(operation)) return { 202: { description: 'It has begun', content } }
  return { 200: { description: isByLines ? 'Lines, each as this' : 'Done', content } }
}

function collect(schemas: readonly object[]): Record<string, Schema> {
  const named: Record<string, Schema> = {}
  const look = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    if ('$id' in schema && !(String(schema.$id) in named)) {
      const { $id, ...rest } = schema
      named[String($id)] = within(rest)
    }
    Object.values(schema).forEach(look)
  }
  schemas.forEach(look)
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A named part is only referred to. */
function refer(schema: object): Schema {
  return '$id' in schema ? { $ref: `#/components/schemas/${String(schema.$id)}` } : within(schema)
}

function within(schema: object): Schema {
  const each = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(each)
    return typeof value === 'object' && value !== null ? refer(value) : value
  }
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, each(value)]))
}
