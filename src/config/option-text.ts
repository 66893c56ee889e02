import type { TSchema } from 'typebox'
import { isMap, isNode, isScalar, parseDocument, stringify, visit, type Document } from 'yaml'
import type { Complaint } from '../complaint.ts'
import { configSchema } from './schema.ts'
import type { SchemaNode } from './resolve.ts'

/** What stands for a secret wherever a text is shown; put back as it is, it means that secret. */
export const hiddenSecret = '••••••••'

/** The options of one source in their own YAML, or what is wrong with it as such. */
export function readOptions(
  text: string,
  path: string,
): { readonly options: Readonly<Record<string, unknown>>; readonly complaints: Complaint[] } {
  const document = parseDocument(text)
  const wrong = document.errors.map(({ message }) => ({ path, problem: message.trim() }))
  if (wrong.length > 0) return { options: {}, complaints: wrong }
  let options: unknown
  try {
    options = document.toJS()
  } catch (error) {
    // An alias: what it stands for is outside, where this text must not reach.
    const problem = error instanceof Error ? error.message : String(error)
    return { options: {}, complaints: [{ path, problem }] }
  }
  if (isRecord(options)) return { options, complaints: [] }
  return { options: {}, complaints: [{ path, problem: 'wants options, one a line: name: value' }] }
}

/** Options as YAML, one a line. */
export function optionsText(options: Readonly<Record<string, unknown>>): string {
  return stringify(options, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** One option to be set, or left out; a list is written in one line. */
export interface OptionChange {
  readonly path: readonly string[]
  /** Undefined: it is left out. */
  readonly value: string | readonly string[] | undefined
}

/** The text with other values. Comments stay; a group that nothing is left in goes, too. */
export function editOptions(text: string, changes: readonly OptionChange[]): string {
  const document: Document = parseDocument(text)
  if (!isMap(document.contents)) document.contents = document.createNode({})
  for (const { path, value } of changes) {
    if (value === undefined) remove(document, path)
    else document.setIn(path, document.createNode(value, { flow: true }))
  }
  return document.toString({ lineWidth: 0 })
}

function remove(document: Document, path: readonly string[]): void {
  if (!document.hasIn(path)) return
  document.deleteIn(path)
  const group = path.slice(0, -1)
  const left = group.length > 0 ? document.getIn(group) : undefined
  if (isMap(left) && left.items.length === 0) remove(document, group)
}

/**
 * The text with every secret in it hidden, be it of the whole configuration or of one source.
 * Throws nothing; what is no YAML is hidden as a whole.
 */
export function hideSecrets(text: string): string {
  const document = parseDocument(text)
  if (document.errors.length > 0) return hiddenSecret
  const schema: TSchema = configSchema
  secrets ??= secretsIn(schema as SchemaNode) // as fillDefaults walks it
  const names = secrets
  const ranges: (readonly [number, number])[] = []
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !names.has(String(key.value)) || !isNode(value)) return
      const [from, to] = value.range ?? [0, 0]
      ranges.push([from, to])
    },
  })
  return ranges.reduceRight((hidden, [from, to]) => {
    const end = hidden.slice(from, to).endsWith('\n') ? '\n' : ''
    return `${hidden.slice(0, from)}${hiddenSecret}${end}${hidden.slice(to)}`
  }, text)
}

/** The text with a secret in place of its mark. */
export function putSecret(text: string, path: readonly string[], secret: string): string {
  return inPlace(text, path, JSON.stringify(secret))
}

/** The text with the secret that another one has there, as it is written there if that will do. */
export function keepSecret(text: string, path: readonly string[], before: string): string {
  const node = scalarAt(before, path)
  if (!node) return editOptions(text, [{ path, value: undefined }])
  const { range, value } = node
  const asWritten = inPlace(text, path, before.slice(range[0], range[1]).trimEnd())
  // Between braces, a comma ends what was a part of it elsewhere.
  if (scalarAt(asWritten, path)?.value === value) return asWritten
  return putSecret(text, path, String(value))
}

function inPlace(text: string, path: readonly string[], written: string): string {
  const node = scalarAt(text, path)
  if (!node) return text
  return text.slice(0, node.range[0]) + written + text.slice(node.range[1])
}

function scalarAt(text: string, path: readonly string[]) {
  const document = parseDocument(text)
  const node = document.errors.length === 0 ? document.getIn(path, true) : undefined
  if (!isScalar(node) || !node.range) return null
  return { value: node.value, range: node.range }
}

let secrets: ReadonlySet<string> | undefined

/** Every option that may stand in a file instead is one. */
function secretsIn(node: SchemaNode): Set<string> {
  const { properties = {}, patternProperties = {}, items, anyOf = [] } = node
  const names = new Set(Object.keys(properties).filter((name) => properties[`${name}File`]))
  const inner = [...Object.values(properties), ...Object.values(patternProperties), ...anyOf]
  for (const each of items ? [...inner, items] : inner) {
    for (const name of secretsIn(each)) names.add(name)
  }
  return names
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
