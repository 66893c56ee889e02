import { Compile } from 'typebox/compile'

type Json = Readonly<Record<string, unknown>>

/** As much of an OpenAPI document as is held against answers. */
export interface DescribedApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}
export interface DescribedOperation {
  readonly responses: Readonly<Record<string, DescribedAnswer>>
}
interface DescribedAnswer {
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>
}

export interface RealAnswer {
  readonly status: number
  /** The whole header. */
  readonly type: string
  readonly body: string
}

/**
 * What is wrong with an answer by the description, also everything that came and is not described.
 * `operation`: `get /api/runs`.
 */
export function undescribed(
  { paths, components }: DescribedApi,
  operation: string,
  { status, type, body }: RealAnswer,
): readonly string[] {
  const [method = '', path = ''] = operation.split(' ')
  const [plain = ''] = type.split(';')
  const found = paths[path]?.[method]?.responses[status]?.content?.[plain]
  if (!found) return [`${operation}: ${status} ${plain} is not described`]
  const validator = Compile(closed(found.schema, components.schemas) as object)
  const texts = plain.endsWith('ndjson') ? body.split('\n').filter((line) => line !== '') : [body]
  return texts.flatMap((text) =>
    validator.Errors(JSON.parse(text)).map(({ instancePath, message, params }) => {
      return `${operation}: ${instancePath} ${message} ${JSON.stringify(params)}`
    }),
  )
}

/** With everything in place that is referred to, and nothing allowed that is not described. */
function closed(schema: unknown, named: DescribedApi['components']['schemas']): unknown {
  if (Array.isArray(schema)) return schema.map((each) => closed(each, named))
  if (typeof schema !== 'object' || schema === null) return schema
  if ('$ref' in schema) {
    const name = String(schema.$ref).replace('#/components/schemas/', '')
    if (!named[name]) throw new Error(`${String(schema.$ref)} is not there`)
    return closed(named[name], named)
  }
  const each = Object.entries(schema).map(([key, value]) => [key, closed(value, named)] as const)
  return {
    ...('properties' in schema ? { additionalProperties: false } : {}),
    ...Object.fromEntries(each),
  }
}
