import type { TSchema } from 'typebox'
import type { TLocalizedValidationError } from 'typebox/error'
import type { Complaint } from '../complaint.ts'
import { nearestName } from '../nearest-name.ts'
import type { SchemaNode } from './resolve.ts'

/** The validator's errors in an administrator's words, one complaint for each wrong place. */
export function explainErrors(
  schema: TSchema,
  errors: readonly TLocalizedValidationError[],
  value: unknown,
): Complaint[] {
  const root = schema as SchemaNode
  const complaints = new Map<string, Complaint>()
  // A union reports every alternative; only its own line says something, so it stands for them.
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf')
  const inUnion = (place: string) =>
    unions.some(({ instancePath }) => `${place}/`.startsWith(`${instancePath}/`))
  for (const error of errors) {
    const places = placesOf(error)
    for (const place of places) {
      if (error.keyword === 'boolean') continue // the twin of additionalProperties
      if (error.keyword !== 'anyOf' && inUnion(place)) continue
      const complaint = explain(root, error, place, value)
      if (!complaints.has(place)) complaints.set(place, complaint)
    }
  }
  return [...complaints.values()]
}

function placesOf(error: TLocalizedValidationError): string[] {
  const below = (names: readonly string[]) => names.map((name) => `${error.instancePath}/${name}`)
  if (error.keyword === 'additionalProperties') return below(error.params.additionalProperties)
  if (error.keyword === 'required') return below(error.params.requiredProperties)
  return [error.instancePath]
}

function explain(
  root: SchemaNode,
  error: TLocalizedValidationError,
  place: string,
  value: unknown,
): Complaint {
  const keys = place.split('/').slice(1)
  const path = pathText(keys) || 'the file'
  if (error.keyword === 'additionalProperties') {
    const known = Object.keys(schemaAt(root, keys.slice(0, -1))?.properties ?? {})
    const nearest = nearestName(keys.at(-1) ?? '', known)
    const hint =
      nearest === undefined ? `known are ${known.join(', ')}` : `did you mean '${nearest}'?`
    return { path, problem: `is not an option; ${hint}` }
  }
  const node = schemaAt(root, keys)
  const example = exampleOf(node)
  const expected = node ? expectation(node) : error.message
  const found = error.keyword === 'required' ? 'is missing' : `is ${describe(valueAt(value, keys))}`
  const about = node?.description ? ` (${node.description})` : ''
  return {
    path,
    problem: `${found}; expected ${expected}${about}`,
    ...(example === undefined ? {} : { example }),
  }
}

function schemaAt(root: SchemaNode, keys: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = root
  for (const key of keys) {
    node = node?.properties?.[key] ?? Object.values(node?.patternProperties ?? {})[0] ?? node?.items
  }
  return node
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  )
}

/** What was found, without quoting a text: it may be a secret in the wrong place. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return 'a text that does not fit'
  return typeof value === 'object' ? 'a group of options' : String(value)
}

function expectation(node: SchemaNode): string {
  if (node.anyOf) return node.anyOf.map(expectation).join(' or ')
  if ('const' in node) return `'${String(node.const)}'`
  switch (node.type) {
    case 'string':
      return node.pattern
        ? `a text like ${node.pattern}`
        : node.minLength
          ? `a text of at least ${node.minLength} characters`
          : 'a text'
    case 'integer':
    case 'number':
      return `a number${node.minimum === undefined ? '' : ` from ${node.minimum}`}${node.maximum === undefined ? '' : ` to ${node.maximum}`}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return `a list${node.minItems ? ` with at least ${node.minItems} entry` : ''}`
    case 'null':
      return 'nothing'
    default:
      return node.properties
        ? `options (${Object.keys(node.properties).join(', ')})`
        : 'a group of named options'
  }
}

function exampleOf(node: SchemaNode | undefined): string | undefined {
  const example = node?.examples?.[0] ?? node?.default
  if (example === undefined) return undefined
  return typeof example === 'string' ? example : JSON.stringify(example)
}

function pathText(keys: readonly string[]): string {
  return keys.reduce((path, key) => {
    if (/^\d+$/.test(key)) return `${path}[${key}]`
    return path === '' ? key : `${path}.${key}`
  }, '')
}
